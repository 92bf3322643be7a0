#pragma once

#include <string>

namespace switchboard::simulation {

/// A floor with something of everything: automatic and manual groups, skills, weights, wrap-ups, a small queue that
/// overflows, steps that widen and end, more work than agents.
std::string mixed_floor();
/// One automatic group `general` of `agents` agents, `capacity` places each.
std::string plain_floor(int agents, int capacity, const std::string& group_options = {});

}  // namespace switchboard::simulation
