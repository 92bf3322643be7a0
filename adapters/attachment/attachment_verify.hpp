#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::attachment {

/// What a folder of files holds, and what of it is damaged: one line each, naming it.
struct verified_files {
  std::uint64_t attachments = 0, contents = 0;
  std::vector<std::string> damaged;
};

/// Reads all of a folder that nobody has open, and changes nothing: every page and value of the
/// index, every content against its name, and whether what the index names is there.
verified_files verify_files(const std::string& dir);

}  // namespace switchboard::attachment
