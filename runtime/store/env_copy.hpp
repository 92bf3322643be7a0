#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Where a copied entry goes. It may be given several, of any table, in any order, or none; those
/// that come in the order of their keys are written several times faster.
using entry_sink = std::function<result<void>(const named_table& table, std::string_view key,
                                              std::string_view value)>;
/// What becomes of one entry in a copy: it says so to the sink. Its error ends the copy.
using entry_rule = std::function<result<void>(const named_table& from, std::string_view key,
                                              std::string_view value, const entry_sink& into)>;

struct copy_options {
  std::size_t map_size = std::size_t{64} << 30;
  unsigned max_tables = 128;
  /// Empty: everything as it is.
  entry_rule rule;
  /// Called now and then: entries read so far, of how many.
  std::function<void(std::uint64_t read, std::uint64_t all)> progress;
};

/// Writes every entry of `from`, as it is now, into a new environment in `dir`, which is not there
/// or empty; beside running transactions. Unlike LMDB's own copy, which takes pages whole with what
/// was erased from them, nothing else gets into the new file. On disk when it answers well.
result<void> copy_entries(const lmdb_env& from, const std::string& dir,
                          const copy_options& options);

/// The same, and the new file takes the old one's place. Nobody has the environment open; needs as
/// much disk again as the data in use. Cut short, the old file is still there.
result<void> rewrite_environment(const lmdb_options& environment, const copy_options& options);

}  // namespace switchboard::store
