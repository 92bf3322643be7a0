#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace switchboard::store {

/// Where a step puts an entry: of any table, in any order.
using layout_sink = std::function<result<void>(std::string_view table, std::string_view key,
                                               std::string_view value)>;

/// One step from a layout of the state to the next. A state of an older layout is rewritten at the
/// start by all steps that it lacks, one behind the other, in one pass: what one puts, the next one
/// takes.
struct layout_step {
  /// Takes a state of layout `to` − 1.
  std::uint32_t to = 0;
  /// For the log: "search keys are folded anew".
  std::string_view what;
  /// Says to the sink what becomes of an entry; to put nothing takes it out. Values are bare,
  /// without checksum. Empty: entries stay as they are.
  std::function<result<void>(std::string_view table, std::string_view key, std::string_view value,
                             const layout_sink& into)>
      rewrite;
};
using layout_steps = std::vector<layout_step>;

}  // namespace switchboard::store
