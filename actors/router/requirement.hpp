#pragma once

#include <compare>
#include <string>
#include <vector>

namespace switchboard {

struct skill_level {
  std::string skill;
  int level = 0;

  auto operator<=>(const skill_level&) const = default;
};

/// What a session asks of an agent: every skill at its level or above, and room for its weight. Two
/// sessions with equal requirements are interchangeable to a group's index ("requirement
/// signature").
struct requirement {
  std::vector<skill_level> skills;  // by skill, each once
  int weight = 1;                   // units of capacity, from the channel's kind

  auto operator<=>(const requirement&) const = default;
};

}  // namespace switchboard
