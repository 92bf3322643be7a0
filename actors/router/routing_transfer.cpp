#include <algorithm>

#include "actors/router/route_activation.hpp"
#include "actors/router/routing_rules.hpp"
#include "runtime/base/text.hpp"

namespace switchboard {
namespace {

constexpr millis sticky_for{60'000};

using outcome = tl::expected<route, transfer_refusal>;

tl::unexpected<transfer_refusal> refused(std::string field, const std::string& why) {
  auto message = field + ": " + why;
  return tl::unexpected(transfer_refusal{std::move(message), std::move(field)});
}

std::string perhaps(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest_name(word, known);
  return near.empty() ? std::string() : "; did you mean \"" + near + "\"?";
}

/// A plan of one step that waits in `group` for as long as it takes.
route single_step(int version, const transfer_wish& wish, const group_id& group, requirement need) {
  route out;
  out.plan.rules_version = version;
  out.plan.rule = "transfer";
  out.plan.priority = wish.priority;
  out.plan.steps.push_back({.groups = {group}, .need = std::move(need)});
  out.first.groups = {group};
  return out;
}

}  // namespace

outcome routing_rules::transfer(const transfer_wish& wish, const route_input& input,
                                const queue_snapshot& board, timestamp now) const {
  const int named = !wish.to_group.empty() + !wish.to_agent.empty() + wish.by_rules;
  if (named != 1) return refused("to", "expected one of group, agent and route");
  if (wish.by_rules) return by_rules(wish, input, board, now);
  return wish.to_agent.empty() ? to_group(wish, input, board, now)
                               : to_agent(wish, input, board, now);
}

outcome routing_rules::to_group(const transfer_wish& wish, const route_input& input,
                                const queue_snapshot& board, timestamp now) const {
  const auto* group = groups_.find(wish.to_group);
  if (!group) {
    return refused("to.group", "there is no such group" + perhaps(wish.to_group, groups_.names()));
  }
  if (!groups_.is_open(wish.to_group, board, now)) {
    return refused("to.group", "the group " + wish.to_group + " is closed now");
  }
  auto out = single_step(version_, wish, group->id, combined({}, input));
  plan_reasons why;
  why.add("transferred to the group " + wish.to_group);
  const route_activation host(input, board, groups_, now);
  if (const auto against = groups_.turns_away(*group, host)) {
    why.add("by hand, though " + *against);
  }
  out.plan.why = why.take();
  return out;
}

outcome routing_rules::to_agent(const transfer_wish& wish, const route_input& input,
                                const queue_snapshot& board, timestamp now) const {
  const auto agent = agents_.find(wish.to_agent);
  if (agent == agents_.end()) {
    std::vector<std::string> names;
    for (const auto& [id, groups] : agents_) names.push_back(id);
    return refused("to.agent", "there is no such agent" + perhaps(wish.to_agent, names));
  }
  auto groups = agent->second;
  // Where it is served now comes first: nothing but the agent changes then.
  const auto here = std::ranges::find(groups, wish.from_group);
  if (here != groups.end()) std::rotate(groups.begin(), here, here + 1);
  const auto open =
      std::ranges::find_if(groups, [&](auto& g) { return groups_.is_open(g.value, board, now); });
  if (open == groups.end()) {
    return refused("to.agent", groups.empty()
                                   ? wish.to_agent + " is in no group"
                                   : "all groups of " + wish.to_agent + " are closed now");
  }
  // Who is asked for by name is not asked for skills too: they would keep that very agent out.
  auto out = single_step(version_, wish, *open, requirement{{}, input.weight});
  out.plan.sticky = agent_id(wish.to_agent);
  out.plan.sticky_for = sticky_for;
  plan_reasons why;
  why.add("transferred to " + wish.to_agent + ", who has 60s before the others of " + open->value);
  out.plan.why = why.take();
  return out;
}

outcome routing_rules::by_rules(const transfer_wish& wish, const route_input& input,
                                const queue_snapshot& board, timestamp now) const {
  auto out = plan(input, board, now);
  if (out.first.groups.empty()) {
    return refused("to", "the rules lead to no open group now");
  }
  out.plan.priority = std::max(out.plan.priority, wish.priority);
  // Who served last may be the one who has just handed it on.
  out.plan.sticky = {};
  out.plan.sticky_for = millis{0};
  return out;
}

}  // namespace switchboard
