#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/router/requirement.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/base/shared_list.hpp"

namespace switchboard {

/// A session's wish for an agent, as it stands in a group's queue.
struct claim {
  session_id session;
  /// Its place counts from here, whatever happened since.
  timestamp opened_at;
  int priority = 0;
  requirement need;
  /// Preferred agent and until when nobody else may have it (empty id: none).
  agent_id sticky;
  timestamp sticky_until{};
  /// Agents asked in this round: they declined, missed or lost it.
  std::vector<agent_id> asked;
  /// Until `sticky_until` it waits for that agent alone, who may even be away.
  bool owned = false;
  /// Who has just handed it on: stays among `asked` whatever round begins, as long as the transfer goes on. Empty: nobody.
  agent_id handed_on_by{};
  /// It is just being offered to an agent of another group: it keeps its place, asks for nobody, and no room is kept for it.
  bool rings = false;

  /// Urgency between groups: smaller is more urgent (docs/architecture.md, I4: opened_at − 60 s × priority, then id).
  timestamp urgency() const { return opened_at - millis{60'000} * priority; }
};

enum class agent_status : std::uint8_t { offline, online, away, busy, draining, reconnecting };
std::string_view to_string(agent_status s);

/// What an agent tells its groups of itself; `rev` rises with every change, a group keeps the newest.
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
