#pragma once

#include <string>
#include <vector>

#include "runtime/base/ids.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// Why this agent was chosen for this session, as it is kept with the offer or the assignment: by
/// which rules, and who else could have been. Bounded; for people and scripts, nothing is decided
/// by it.
struct decision_note {
  struct rejected {
    agent_id agent;
    std::string clause;  // the first that failed: "skill", "room", ...
  };
  static constexpr std::size_t most_rejected = 8;

  int rules_version = 0;
  std::string rule;
  int step = 0;  // from 0
  int priority = 0;
  /// What the group's strategy compared: "longest_idle", and the winner's key beside the
  /// runner-up's.
  std::string strategy;
  std::string winner_key;
  agent_id runner_up;
  std::string runner_up_key;
  int eligible = 0;
  std::vector<rejected> passed_over;
};
template <class V> void describe(V& v, decision_note::rejected& x) {
  v("agent", x.agent);
  v("clause", x.clause);
}
template <class V> void describe(V& v, decision_note& x) {
  v("rules_version", x.rules_version);
  v("rule", x.rule);
  v("step", x.step);
  v("priority", x.priority);
  v("strategy", x.strategy);
  v("winner_key", x.winner_key);
  v("runner_up", x.runner_up);
  v("runner_up_key", x.runner_up_key);
  v("eligible", x.eligible);
  v("rejected", x.passed_over);
}

}  // namespace switchboard
