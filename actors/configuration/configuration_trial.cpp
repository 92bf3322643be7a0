#include "actors/configuration/configuration_trial.hpp"

#include <algorithm>

#include "actors/router/lost_groups.hpp"

namespace switchboard {
namespace {

std::string groups_text(const std::vector<group_id>& groups) {
  std::string out;
  for (auto& g : groups) out += (out.empty() ? "" : ", ") + g.value;
  return out.empty() ? "no queue: a message is left" : out;
}

std::string place_text(const route& r) {
  auto out = "rule \"" + clipped(r.plan.rule, 64) + "\" in " + groups_text(r.first.groups);
  if (r.plan.priority != 0) out += ", priority " + std::to_string(r.plan.priority);
  const auto step = static_cast<std::size_t>(r.first.step);
  if (step < r.plan.steps.size() && !r.plan.steps[step].need.skills.empty()) {
    out += ", with";
    for (auto& s : r.plan.steps[step].need.skills)
      out += " " + s.skill + " " + std::to_string(s.level);
  }
  std::string later;
  for (auto next = step + 1; next < r.plan.steps.size(); ++next) {
    const auto& s = r.plan.steps[next];
    later +=
        ", then " + (s.leave_message ? std::string("leaves a message") : groups_text(s.groups));
  }
  return out + later;
}

}  // namespace

configuration_trial::configuration_trial(loaded_configuration active,
                                         loaded_configuration candidate)
    : active_(std::move(active)),
      candidate_(std::move(candidate)),
      change_(change_between(*active_.dispatch, *candidate_.dispatch)) {}

void configuration_trial::take(const route_input& waiting, const queue_snapshot& board,
                               timestamp now, const std::vector<group_id>& ahead) {
  ++waiting_;
  auto from = place_text(active_.rules->plan(waiting, board, now));
  auto to = place_text(candidate_.rules->plan(waiting, board, now));
  if (from == to) {
    const auto lost = lost_groups(ahead, *candidate_.dispatch);
    if (lost.empty()) return;
    from += ", on the way to " + groups_text(lost);
    to += ", planned anew";
  }
  ++would_move_;
  auto key = std::pair(from, to);
  if (!moves_.contains(key) && moves_.size() >= most_moves) key = {"other places", "other places"};
  auto& m = moves_[key];
  m.from = key.first;
  m.to = key.second;
  ++m.sessions;
  if (m.examples.size() < most_examples) m.examples.push_back(waiting.session.text());
}

std::vector<configuration_trial::move> configuration_trial::moves() const {
  std::vector<move> out;
  for (auto& [key, m] : moves_) out.push_back(m);
  std::ranges::stable_sort(out, std::greater{}, &move::sessions);
  return out;
}

}  // namespace switchboard
