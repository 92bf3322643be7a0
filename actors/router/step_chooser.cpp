#include "actors/router/step_chooser.hpp"

#include <algorithm>

#include "actors/router/group_balance.hpp"

namespace switchboard {

std::string step_chooser::title(std::size_t step) const {
  auto out = "step " + std::to_string(step + 1);
  const auto& groups = plan_.steps[step].groups;
  if (groups.empty()) return out;
  out += " (" + groups[0].value;
  if (groups.size() > 1) out += " and " + std::to_string(groups.size() - 1) + " more";
  return out + ")";
}

bool step_chooser::skipped(std::size_t step, plan_reasons& why) const {
  if (!rule_ || step >= rule_->steps.size() || !rule_->steps[step].skip_if) return false;
  const auto& condition = *rule_->steps[step].skip_if;
  const auto skip = condition.evaluate(host_);
  if (!skip || !skip->is(cel::kind::boolean)) {
    const auto error = skip ? "it is no bool" : skip.error().to_string();
    why.add(title(step) + " is not skipped: skip_if has no answer: " + error);
    return false;
  }
  if (skip->as_bool()) why.add(title(step) + " is skipped: " + condition.text());
  return skip->as_bool();
}

std::vector<group_id> step_chooser::open_groups(std::size_t step, plan_reasons& why) const {
  std::vector<group_id> out;
  for (const auto& id : plan_.steps[step].groups) {
    const auto* group = groups_.find_now(id.value);
    if (group && group->id != id) why.add(id.value + " was merged into " + group->id.value);
    if (!group) {
      why.add(id.value + " is left out: it is not configured any more");
    } else if (!groups_.is_open(group->id.value, board_, now_)) {
      why.add(group->id.value + " is left out: it is closed");
    } else if (auto against =
                   plan_.rule_index < 0 ? std::nullopt : groups_.turns_away(*group, host_)) {
      why.add(group->id.value + " is left out: " + *against);
    } else if (std::ranges::find(out, group->id) == out.end()) {
      out.push_back(group->id);
    }
  }
  return out;
}

std::vector<group_id> step_chooser::chosen(std::size_t step, const std::vector<group_id>& open,
                                           plan_reasons& why) const {
  const bool known = rule_ && step < rule_->steps.size();
  const auto by = known ? rule_->steps[step].balance : config::balance_by::shortest_wait;
  auto picked = balance(open, by, board_, input_.session);
  if (!picked.why.empty()) why.add(title(step) + ": " + picked.why);
  return {std::move(picked.group)};
}

/// The queues of the steps before. They are those the session stands in; where nobody told, what it
/// would be given now, back to the last step that did not widen.
std::vector<group_id> step_chooser::kept_before(std::size_t step, std::size_t entered) const {
  if (!input_.standing.empty()) return input_.standing;
  std::vector<group_id> out;
  plan_reasons unsaid;
  for (auto i = step; i-- > 0;) {
    // The step the session comes from it did enter; of those before, what holds now is the best
    // guess.
    const bool surely = i + 1 == entered;
    if (surely || (i < entered && !skipped(i, unsaid))) {
      const auto open = open_groups(i, unsaid);
      if (!open.empty()) out.push_back(chosen(i, open, unsaid).front());
      if (!plan_.steps[i].widen) break;
    }
  }
  return out;
}

step_choice step_chooser::from(int from_step) {
  const auto begin = static_cast<std::size_t>(std::max(from_step, 0));
  plan_reasons why;
  for (auto step = begin; step < plan_.steps.size(); ++step) {
    const auto& s = plan_.steps[step];
    if (skipped(step, why)) continue;
    if (s.owned && plan_.sticky.empty()) {
      why.add(title(step) + " is left out: nobody served this customer before");
      continue;
    }
    if (s.leave_message) {
      why.add(title(step) + ": a message can be left");
      return {static_cast<int>(step), {}, why.take()};
    }
    const auto open = open_groups(step, why);
    if (open.empty()) {
      why.add(title(step) + " is left out: no group of it is open to this customer");
      continue;
    }
    auto groups = chosen(step, open, why);
    if (s.widen && begin > 0) {
      for (auto& kept : kept_before(step, begin)) {
        if (std::ranges::find(groups, kept) == groups.end()) groups.push_back(std::move(kept));
      }
      if (groups.size() > 1) why.add(title(step) + " keeps the queues before");
    }
    return {static_cast<int>(step), std::move(groups), why.take()};
  }
  why.add("no step is left");
  return {static_cast<int>(plan_.steps.size()), {}, why.take()};
}

}  // namespace switchboard
