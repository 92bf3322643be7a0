#pragma once

#include <string>
#include <vector>

#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Opens tables of an environment so that each value carries a checksum (value_check.hpp), which
/// every read looks at: `lmdb_table::sealed`. Where values lie bare, as older versions wrote them,
/// they get it first, once, a step at a time: cut short, or beside another process at the same, it
/// goes on where the last step ended. `owner` is a literal, what errors call it: "the centers".
result<std::vector<lmdb_table>> open_sealed(lmdb_env& env, const std::vector<std::string>& names,
                                            const char* owner);

/// Reads every page and value of an environment nobody has open in this process; what is wrong
/// first, in words. Values that were never sealed are taken as they are.
result<void> verify_sealed(const std::string& dir);

}  // namespace switchboard::store
