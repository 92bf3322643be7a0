#pragma once

#include <vector>

#include "actors/router/routing_plan.hpp"
#include "config/dispatch_config.hpp"

/// Plans outlive the configuration they were made by: what of them leads nowhere now. Pure.
namespace switchboard {

/// Those of `groups` that there are no more: not configured under that id, nor merged into another.
std::vector<group_id> lost_groups(const std::vector<group_id>& groups,
                                  const config::dispatch_config& now);

/// The groups a plan names from step `from` on, each once.
std::vector<group_id> groups_ahead(const routing_plan& plan, int from);

/// Whether a plan no longer says where its session belongs, which is planned anew then: a step
/// between `from` and the one chosen has lost all its groups, or the plan ends with nobody asked
/// and any of its groups is lost.
bool is_outlived(const routing_plan& plan, int from, const step_choice& choice,
                 const config::dispatch_config& now);

}  // namespace switchboard
