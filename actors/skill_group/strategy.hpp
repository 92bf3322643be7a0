#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/router/requirement.hpp"
#include "actors/skill_group/decision.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"

namespace switchboard::dispatcher {

/// What a strategy may look at. Proposals in flight are counted in, as if they had been taken.
struct agent_facts {
  int used = 0;
  int capacity = 0;
  timestamp last_assigned{};
  timestamp online_since{};
  int assigned_today = 0;
  std::uint64_t by_id = 0;       // rises with the id
  std::int64_t roster_rank = 0;  // from the group's list, best first
};

/// A strategy: the key it orders agents by, and how it walks them. A new one is one key function,
/// one line in the table of strategy.cpp, and its test.
struct strategy_rule {
  config::strategy name;
  choice_key (*key)(const agent_facts&);
  std::string (*text)(const choice_key&, timestamp now);
  /// Begins after the agent chosen last, in the order of ids.
  bool cyclic = false;
  /// The sum of the agent's levels in the required skills comes before the key.
  bool graded = false;
  /// Chosen by lot.
  bool drawn = false;
};

const strategy_rule& rule_of(config::strategy s);

/// Sum of the levels `skills` has in what `need` names.
int skill_grade(const requirement& need, const std::vector<skill_level>& skills);
/// Every required skill at its level. Both sorted by skill.
bool has_skills(const requirement& need, const std::vector<skill_level>& skills);

}  // namespace switchboard::dispatcher
