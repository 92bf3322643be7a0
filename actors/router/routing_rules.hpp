#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "actors/router/compiled_rule.hpp"
#include "actors/router/group_table.hpp"
#include "actors/router/plan_reasons.hpp"
#include "actors/router/queue_snapshot.hpp"
#include "actors/router/route_input.hpp"
#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/cel/rule_set.hpp"

namespace switchboard {

class route_activation;

/// One version of the rules, compiled: what routers decide by. Immutable and complete in itself, so
/// several routers share one; thread-safe. Time, figures and the customer are arguments, and every
/// decision says why.
class routing_rules {
 public:
  int version() const { return version_; }
  std::size_t size() const { return rules_.size(); }
  const group_table& groups() const { return groups_; }

  /// The first rule whose condition is true, as a plan, and where it begins. A condition that errs
  /// does not match, and plan.why names it. Requires nothing of the input.
  /// `live`: the groups as they are configured now, where this version is an earlier one. Rules are
  /// versioned; whom a group serves, when it is open and whether there is one at all, is the
  /// group's own matter.
  route plan(const route_input& input, const queue_snapshot& board, timestamp now,
             const group_table* live = nullptr) const;

  /// The step to enter, from `from_step` on. Steps are left out while their `skip_if` is true (an
  /// error is no reason to skip) or while none of their groups is open to this customer; of several
  /// groups one is chosen, and a widened step keeps those before. A step to leave a message has no
  /// groups; none left is `step == plan.steps.size()`. Of a plan that another version made, what
  /// the plan holds is used, without `skip_if`.
  step_choice choose_step(const routing_plan& plan, const route_input& input,
                          const queue_snapshot& board, int from_step, timestamp now,
                          const group_table* live = nullptr) const;

  /// A plan that hands the session on. A person decided, so `serves` is only mentioned. To an
  /// agent: the session waits in the agent's group, 60 s for that agent alone. By the rules: as
  /// `plan`, but not back to who served last.
  tl::expected<route, transfer_refusal> transfer(const transfer_wish& wish,
                                                 const route_input& input,
                                                 const queue_snapshot& board, timestamp now) const;

  /// Whether this very snapshot made the plan. Versions may be counted anew after a restart, so the
  /// rule is compared too.
  bool made(const routing_plan& plan) const;

 private:
  friend class routing_compiler;
  routing_rules() = default;

  void explain_match(const cel::rule_match& match, const route_activation& host,
                     plan_reasons& why) const;
  void explain_failures(const cel::rule_match& match, std::size_t but_from,
                        const route_activation& host, plan_reasons& why) const;
  std::string values_of(const compiled_rule& rule, const route_activation& host) const;
  void prefer_last_agent(const compiled_rule& rule, const route_input& input, routing_plan& plan,
                         plan_reasons& why) const;

  tl::expected<route, transfer_refusal> to_group(const transfer_wish& wish,
                                                 const route_input& input,
                                                 const queue_snapshot& board, timestamp now) const;
  tl::expected<route, transfer_refusal> to_agent(const transfer_wish& wish,
                                                 const route_input& input,
                                                 const queue_snapshot& board, timestamp now) const;
  tl::expected<route, transfer_refusal> by_rules(const transfer_wish& wish,
                                                 const route_input& input,
                                                 const queue_snapshot& board, timestamp now) const;

  int version_ = 0;
  std::vector<compiled_rule> rules_;
  cel::rule_set conditions_;
  /// What conditions read, each once.
  std::vector<cel::program> reads_;
  group_table groups_;
  std::unordered_map<std::string, std::vector<group_id>> agents_;
};

/// Compiles and checks what the loader leaves open: conditions, unknown groups (in `queue("x")`
/// too), rules that can never be reached, steps that no configured agent can meet. All errors come
/// back, in the order of their lines; those of conditions carry the column.
config::checked<std::shared_ptr<const routing_rules>> compile_routing(
    const config::dispatch_config& all, int version);

/// What a request asks on top of a step: every skill at the higher of both levels, by skill.
requirement combined(requirement step, const route_input& input);

}  // namespace switchboard
