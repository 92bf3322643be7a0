#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/router/routing_plan.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/cel/rule_set.hpp"

namespace switchboard {

/// What of a step is decided on entering it.
struct compiled_step {
  std::optional<cel::program> skip_if;  // nothing: never
  config::balance_by balance = config::balance_by::shortest_wait;
};

/// One rule, ready to be planned by. Immutable.
struct compiled_rule {
  std::string name;
  int priority = 0;
  millis sticky_last_agent{0};
  /// Empty where it matches everybody.
  std::string condition;
  /// The condition once more, alone: tells which of its clauses did not hold.
  cel::rule_set alone;
  /// What the condition reads, by number in the snapshot.
  std::vector<std::uint32_t> reads;
  /// The plan's steps but for what the request asks; groups that nobody could serve it in are out.
  std::vector<plan_step> plan;
  /// One for each of `plan`.
  std::vector<compiled_step> steps;
};

}  // namespace switchboard
