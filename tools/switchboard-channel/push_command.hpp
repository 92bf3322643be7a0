#pragma once

#include <cstddef>
#include <string>

#include "adapters/client/json_client.hpp"

namespace switchboard::channel_tool {

struct push_options {
  client::connection_options where;
  std::string channel;
  std::string token;
  /// JSON Lines; "-" is the standard input.
  std::string file;
  /// Requests a second; 0: as fast as `window` outstanding ones allow.
  double rate = 0;
  std::size_t window = 64;
  /// Shows what comes back until every session is over.
  bool follow = false;
};

/// A line of the file as the params of session.open, or why it is none. A request without a
/// message takes the customer's first turn, where the line has `turns`; a line of another channel
/// is skipped (an empty object).
tl::expected<client::json, std::string> request_of(const std::string& line,
                                                   const std::string& channel);

/// Pushes every request once, prints one line for each answer and a summary. Answers with the exit
/// code: 0 when all were taken.
int run_push(const push_options& options);

}  // namespace switchboard::channel_tool
