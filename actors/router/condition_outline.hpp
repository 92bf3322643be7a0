#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cel/position.hpp"

namespace switchboard {

/// What a condition's text shows without running it. Pure; thread-safe.
struct condition_outline {
  struct group_name {
    std::string name;
    cel::position where;
  };
  /// The parts that `&&` joins at the top, written alike wherever they mean alike, sorted, each
  /// once. A condition that is `true` has none.
  std::vector<std::string> clauses;
  /// The groups named by `queue("x")`.
  std::vector<group_name> queues;
  /// What it reads, as written: `member.level`, `tags`, `queue("vip").online`. Each once.
  std::vector<std::string> reads;
};

/// Nothing for a text that is no condition.
std::optional<condition_outline> outline_of(std::string_view condition);

}  // namespace switchboard
