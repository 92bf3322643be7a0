#pragma once

#include <string>

namespace switchboard::simulation {

/// A contact center with something of everything: automatic and manual groups, skills, weights,
/// wrap-ups, a small queue that overflows, steps that widen and end, more work than agents. Each
/// bit of `variant` changes one thing: of the first five strategy, offers, rules; then who leads
/// whom, whether ann leads at all, whether fay's account is disabled, whether there is a group
/// `small`.
std::string mixed_deployment(unsigned variant = 0);
inline constexpr unsigned mixed_deployment_variants = 512;
/// One automatic group `general` of `agents` agents, `capacity` places each.
std::string plain_deployment(int agents, int capacity, const std::string& group_options = {});

}  // namespace switchboard::simulation
