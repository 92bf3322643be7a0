#pragma once

#include <functional>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

struct group_options {
  /// Routers hear of a group's numbers at most this often.
  millis report_every{100};
  /// A proposal nobody has answered by then is taken back.
  millis proposal_patience{2'000};
};

/// What every group of a node shares. Outlives them.
struct group_services {
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  /// Is the group open by its calendar then?
  std::function<bool(const config::group_config&, timestamp)> open;
  std::function<std::uint64_t()> random;
  group_options options;
  /// Conservation and watchdog: matches found by the watchdog that no message had led to (0 in a
  /// sound system).
  std::atomic<std::uint64_t>& late_matches;
};

/// `expected`: waiters who will come back after a restart; `last_assigned` the group's latest.
group_actor spawn_group(caf::actor_system& system, const group_services& services,
                        config::group_config config, std::size_t expected, agent_id last_assigned);

}  // namespace switchboard
