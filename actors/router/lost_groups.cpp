#include "actors/router/lost_groups.hpp"

#include <algorithm>

namespace switchboard {

std::vector<group_id> lost_groups(const std::vector<group_id>& groups,
                                  const config::dispatch_config& now) {
  std::vector<group_id> out;
  std::ranges::copy_if(groups, std::back_inserter(out),
                       [&](auto& id) { return config::group_now(now, id) == nullptr; });
  return out;
}

std::vector<group_id> groups_ahead(const routing_plan& plan, int from) {
  std::vector<group_id> out;
  for (auto step = static_cast<std::size_t>(std::max(from, 0)); step < plan.steps.size(); ++step) {
    for (const auto& id : plan.steps[step].groups) {
      if (std::ranges::find(out, id) == out.end()) out.push_back(id);
    }
  }
  return out;
}

bool is_outlived(const routing_plan& plan, int from, const step_choice& choice,
                 const config::dispatch_config& now) {
  const auto steps = static_cast<int>(plan.steps.size());
  for (int step = std::max(from, 0); step < steps && step <= choice.step; ++step) {
    const auto& groups = plan.steps[static_cast<std::size_t>(step)].groups;
    if (!groups.empty() && lost_groups(groups, now).size() == groups.size()) return true;
  }
  return choice.groups.empty() && !lost_groups(groups_ahead(plan, 0), now).empty();
}

}  // namespace switchboard
