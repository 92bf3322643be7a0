#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "actors/router/queue_snapshot.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

struct balanced {
  group_id group;
  /// "a by shortest_wait: 12s, b 40s"; empty where there was no choice.
  std::string why;
};

/// One of several equal groups. Groups with somebody online come before those without, then:
///   shortest_wait    nobody before the customer and an agent with room; else the eta's p50 or,
///                    without data, the age of the oldest waiter
///   fewest_waiting   the queue's length
///   most_available   agents with room
///   round_robin      the session's hash alone
/// Ties go by a hash of session and group: figures are up to 100 ms old, and by name all who ask in
/// that time would go to one group. Requires at least one group. Pure.
balanced balance(const std::vector<group_id>& groups, config::balance_by by,
                 const queue_snapshot& board, const session_id& session);

}  // namespace switchboard
