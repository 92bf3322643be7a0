#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/router/requirement.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

template <class V> void describe(V& v, skill_level& x) {
  v("skill", x.skill);
  v("level", x.level);
}
template <class V> void describe(V& v, requirement& x) {
  v("skills", x.skills);
  v("weight", x.weight);
}

/// One step of a plan as a session holds it: where it may wait, for how long, and what it asks.
/// Conditions (`skip_if`) and balance stay with the router, which is asked on entering.
struct plan_step {
  std::vector<group_id> groups;
  requirement need;
  millis wait{0};  // 0: for ever
  bool widen = false;
  bool leave_message = false;
  bool owned = false;  // waits for the plan's sticky agent alone
};
template <class V> void describe(V& v, plan_step& x) {
  v("groups", x.groups);
  v("need", x.need);
  v("wait_ms", x.wait);
  v("widen", x.widen);
  v("leave_message", x.leave_message);
  v("owned", x.owned);
}

/// What a router decides for a session: the rule that matched, and its steps in order.
struct routing_plan {
  int rules_version = 0;
  std::string rule;
  int rule_index = -1;  // -1: made for a transfer
  int priority = 0;
  agent_id sticky;
  millis sticky_for{0};
  std::vector<plan_step> steps;
  /// Why: rules passed over with the reason, the values that decided. Bounded.
  std::vector<std::string> why;
};
template <class V> void describe(V& v, routing_plan& x) {
  v("rules_version", x.rules_version);
  v("rule", x.rule);
  v("rule_index", x.rule_index);
  v("priority", x.priority);
  v("sticky", x.sticky);
  v("sticky_ms", x.sticky_for);
  v("steps", x.steps);
  v("why", x.why);
}

/// Which step to enter now, and in which of its groups to wait: skipped steps are named in `why`.
/// `step` equal to the number of steps means that none is left.
struct step_choice {
  int step = 0;
  std::vector<group_id> groups;
  std::vector<std::string> why;
};
template <class V> void describe(V& v, step_choice& x) {
  v("step", x.step);
  v("groups", x.groups);
  v("why", x.why);
}

}  // namespace switchboard
