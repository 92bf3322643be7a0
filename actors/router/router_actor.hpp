#pragma once

#include <functional>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/messages/interfaces.hpp"
#include "actors/router/routing_rules.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

/// What every router of a node shares. Outlives them.
struct router_services {
  const clock_source& clock;
  probe_registry& probes;
  /// The active rules, replaced as a whole by their owner; never null. Thread-safe to call.
  std::function<std::shared_ptr<const routing_rules>()> rules;
  /// An earlier version, wherever it is kept; null where it is not known any more. May be left out.
  /// Thread-safe to call.
  std::function<std::shared_ptr<const routing_rules>(int version)> rules_of{};
};

/// Decides by the shared snapshot and by what the groups reported to it; keeps the snapshots of the
/// last few versions, so that a waiting session stays with the one that planned it. `name` tells
/// routers apart.
router_actor spawn_router(caf::actor_system& system, const router_services& services,
                          std::string name);

}  // namespace switchboard
