#include "actors/router/routing_rules.hpp"

#include <algorithm>

#include "actors/router/route_activation.hpp"
#include "actors/router/step_chooser.hpp"
#include "runtime/base/span_text.hpp"

namespace switchboard {
namespace {

/// Rules told of before the one that matched, conditions that erred, and values shown.
constexpr std::size_t most_passed = 3;
constexpr std::size_t most_failed = 3;
constexpr std::size_t most_values = 6;
constexpr std::size_t condition_bytes = 120;
constexpr std::size_t value_bytes = 40;

std::string why_not(const cel::rule_verdict& verdict, const compiled_rule& rule) {
  const auto name = "rule \"" + clipped(rule.name, 64) + "\" ";
  const auto part = verdict.clause.empty() ? '(' + rule.condition + ')' : verdict.clause;
  if (verdict.outcome == cel::rule_outcome::failed) {
    const auto error = verdict.error ? verdict.error->to_string() : std::string("unknown");
    return name + "has no answer: " + error;
  }
  return name + "does not match: not " + clipped(part, condition_bytes);
}

}  // namespace

requirement combined(requirement step, const route_input& input) {
  for (const auto& [skill, level] : input.request.skills) {
    const auto at = std::ranges::lower_bound(step.skills, skill, {}, &skill_level::skill);
    if (at == step.skills.end() || at->skill != skill) {
      step.skills.insert(at, {skill, level});
    } else {
      at->level = std::max(at->level, level);
    }
  }
  step.weight = input.weight;
  return step;
}

bool routing_rules::made(const routing_plan& plan) const {
  if (plan.rules_version != version_ || plan.rule_index < 0) return false;
  const auto index = static_cast<std::size_t>(plan.rule_index);
  return index < rules_.size() && rules_[index].name == plan.rule &&
         rules_[index].steps.size() == plan.steps.size();
}

route routing_rules::plan(const route_input& input, const queue_snapshot& board, timestamp now,
                          const group_table* live) const {
  const auto& groups = live ? *live : groups_;
  const route_activation host(input, board, groups, now);
  const auto match = conditions_.first_match(host);
  route out;
  out.plan.rules_version = version_;
  plan_reasons why;
  if (input.reasons) explain_match(match, host, why);
  if (match.rule) {
    const auto& rule = rules_[*match.rule];
    out.plan.rule = rule.name;
    out.plan.rule_index = static_cast<int>(*match.rule);
    out.plan.priority = rule.priority;
    out.plan.steps = rule.plan;
    for (auto& step : out.plan.steps) step.need = combined(std::move(step.need), input);
    prefer_last_agent(rule, input, out.plan, why);
  }
  out.plan.why = why.take();
  const auto* rule = match.rule ? &rules_[*match.rule] : nullptr;
  out.first = step_chooser(out.plan, rule, groups, board, host, input, now).from(0);
  return out;
}

step_choice routing_rules::choose_step(const routing_plan& plan, const route_input& input,
                                       const queue_snapshot& board, int from_step, timestamp now,
                                       const group_table* live) const {
  const auto& groups = live ? *live : groups_;
  const route_activation host(input, board, groups, now);
  const auto* rule = made(plan) ? &rules_[static_cast<std::size_t>(plan.rule_index)] : nullptr;
  return step_chooser(plan, rule, groups, board, host, input, now).from(from_step);
}

void routing_rules::explain_match(const cel::rule_match& match, const route_activation& host,
                                  plan_reasons& why) const {
  const auto end = match.rule.value_or(rules_.size());
  const auto begin = end > most_passed ? end - most_passed : 0;
  explain_failures(match, begin, host, why);
  if (begin > 0) why.add("rules 1 to " + std::to_string(begin) + " do not match");
  for (auto i = begin; i < end; ++i) {
    const auto verdicts = rules_[i].alone.explain(host);
    if (!verdicts.empty()) why.add(why_not(verdicts.front(), rules_[i]));
  }
  if (!match.rule) return why.add("no rule matches");
  const auto& rule = rules_[end];
  const auto name = "rule \"" + clipped(rule.name, 64) + "\" ";
  if (rule.condition.empty()) return why.add(name + "matches everybody");
  why.add(name + "matches: " + clipped(rule.condition, condition_bytes));
  if (auto values = values_of(rule, host); !values.empty()) why.add(values);
}

/// Conditions that erred are named wherever they stand; those told of anyway are left to that.
void routing_rules::explain_failures(const cel::rule_match& match, std::size_t but_from,
                                     const route_activation& host, plan_reasons& why) const {
  std::size_t told = 0;
  std::size_t untold = 0;
  for (const auto i : match.failed) {
    if (i >= but_from) continue;
    if (told == most_failed) {
      ++untold;
      continue;
    }
    const auto verdicts = rules_[i].alone.explain(host);
    if (!verdicts.empty()) why.add(why_not(verdicts.front(), rules_[i]));
    ++told;
  }
  if (untold > 0) why.add("and " + std::to_string(untold) + " more conditions have no answer");
}

std::string routing_rules::values_of(const compiled_rule& rule,
                                     const route_activation& host) const {
  std::string out;
  std::size_t shown = 0;
  for (const auto number : rule.reads) {
    if (shown == most_values) break;
    const auto& read = reads_[number];
    const auto found = read.evaluate(host);
    if (!found) continue;
    out += (out.empty() ? "" : ", ") + read.text() + " = " +
           clipped(found->to_string(value_bytes), value_bytes);
    ++shown;
  }
  return out;
}

void routing_rules::prefer_last_agent(const compiled_rule& rule, const route_input& input,
                                      routing_plan& plan, plan_reasons& why) const {
  const bool owns = std::ranges::any_of(rule.plan, &plan_step::owned);
  if ((rule.sticky_last_agent <= millis{0} && !owns) || !input.found.trail) return;
  const auto& agent = input.found.trail->last_agent;
  if (agent.empty()) return;
  if (!agents_.empty() && !agents_.contains(agent.value)) {
    return why.add("the last agent, " + agent.value + ", is not there any more");
  }
  plan.sticky = agent;
  plan.sticky_for = rule.sticky_last_agent;
  if (plan.sticky_for <= millis{0}) return;
  why.add("first for " + agent.value + ", who served last, for " + span_text(plan.sticky_for));
}

}  // namespace switchboard
