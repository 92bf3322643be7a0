#pragma once

#include <cstdint>
#include <string>

#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// What a store that is whole holds.
struct store_content {
  std::string id;
  position first = 0;
  position last = 0;
  position projected = 0;
  std::uint64_t records = 0;
  std::uint64_t values = 0;
};

/// Reads a whole store that nobody has open for writing, and changes nothing: every page, every
/// record with its checksum and place, every value of the state with its checksum, and whether
/// journal and state belong together. `internal` or `failed_precondition` names the first thing
/// that is wrong.
result<store_content> verify_store(const std::string& dir);

}  // namespace switchboard::store
