#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/router/requirement.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard {

/// A session's wish for an agent, as it stands in a group's queue.
struct queue_entry {
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
  /// Who has just handed it on: stays among `asked` whatever round begins, as long as the transfer
  /// goes on. Empty: nobody.
  agent_id handed_on_by{};
  /// It is just being offered to an agent of another group: it keeps its place, asks for nobody,
  /// and no room is kept for it.
  bool rings = false;

  /// Urgency between groups: smaller is more urgent (docs/architecture.md, I4: opened_at − 60 s ×
  /// priority, then id).
  timestamp urgency() const { return opened_at - millis{60'000} * priority; }
};

}  // namespace switchboard
