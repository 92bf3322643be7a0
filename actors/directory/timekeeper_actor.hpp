#pragma once

#include <caf/actor_system.hpp>

#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

struct timekeeper_services {
  const clock_source& clock;
  probe_registry& probes;
};

/// Owns the timer wheel of some shards: whoever sends `arm_timer`, which is in running time, is woken with its generation; everybody
/// is, within a second, when the wall's time was set, to look again at what depends on it. A waiter that ends meanwhile is
/// kept until its time, so deadlines should be minutes at most.
timekeeper_actor spawn_timekeeper(caf::actor_system& system, const timekeeper_services& services, std::string name);

}  // namespace switchboard
