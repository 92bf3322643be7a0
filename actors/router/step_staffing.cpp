#include "actors/router/step_staffing.hpp"

#include <algorithm>

namespace switchboard {
namespace {

bool has(const config::agent_config& agent, const std::string& skill, int level) {
  const auto at = agent.skills.find(skill);
  return at != agent.skills.end() && at->second >= level;
}

bool meets(const config::agent_config& agent, const step_staffing::levels& required) {
  return std::ranges::all_of(required, [&](auto& r) { return has(agent, r.first, r.second); });
}

}  // namespace

step_staffing::step_staffing(const std::vector<config::agent_config>& agents)
    : judges_(!agents.empty()) {
  for (const auto& agent : agents) {
    for (const auto& group : agent.groups) members_[group.value].push_back(&agent);
  }
}

bool step_staffing::can_meet(const group_id& group, const levels& required) {
  if (!judges_) return true;
  const auto [at, fresh] = known_.try_emplace({group.value, required}, false);
  if (!fresh) return at->second;
  const auto members = members_.find(group.value);
  if (members == members_.end()) return false;
  at->second =
      std::ranges::any_of(members->second, [&](auto* agent) { return meets(*agent, required); });
  return at->second;
}

std::string step_staffing::lacking(const group_id& group, const levels& required) const {
  const auto members = members_.find(group.value);
  if (members == members_.end()) return "no configured agent is in it";
  std::string wanted;
  for (const auto& [skill, level] : required) {
    const auto one = skill + " " + std::to_string(level);
    const bool found = std::ranges::any_of(members->second,
                                           [&](auto* agent) { return has(*agent, skill, level); });
    if (!found) return "no configured agent in it has " + one;
    wanted += (wanted.empty() ? "" : " and ") + one;
  }
  return "no configured agent in it has " + wanted + " at once";
}

}  // namespace switchboard
