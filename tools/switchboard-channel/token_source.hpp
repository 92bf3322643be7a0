#pragma once

#include <string>

#include <tl/expected.hpp>

namespace switchboard::channel_tool {

/// Where the token comes from: never the command line, which other users of the machine can read.
struct token_options {
  std::string env = "SWITCHBOARD_TOKEN";
  /// A file of mode 0600; counts before the environment.
  std::string file;
};

/// The token, or why there is none.
tl::expected<std::string, std::string> read_token(const token_options& options);

}  // namespace switchboard::channel_tool
