#pragma once

#include <cstdint>
#include <string_view>

#include "actors/router/requirement.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/shared_list.hpp"

namespace switchboard {

enum class agent_status : std::uint8_t { offline, online, away, busy, draining, reconnecting };
std::string_view to_string(agent_status s);

/// What an agent tells its groups of itself; `rev` rises with every change, a group keeps the
/// newest.
struct agent_view {
  agent_id id;
  std::uint64_t rev = 0;
  shared_list<skill_level> skills;  // by skill
  int capacity = 0;
  int used = 0;  // serving, reserved, and wrap-ups that hold room
  timestamp last_assigned{};
  timestamp online_since{};
  int assigned_today = 0;
  agent_status status = agent_status::offline;

  int room() const { return capacity - used; }
};

}  // namespace switchboard
