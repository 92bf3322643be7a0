#pragma once

#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages/interfaces.hpp"
#include "adapters/center/center.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

struct center_services {
  const clock_source& clock;
  probe_registry& probes;
  store::journal& journal;
  /// Embedded centers answer in microseconds, on the actor's own thread; what waits for a network has its own actor.
  std::shared_ptr<const center::center_set> centers;
};

/// The adapter actor of one center ("member", "tag", "product", "trade").
center_actor spawn_center(caf::actor_system& system, const center_services& services, std::string name);

}  // namespace switchboard
