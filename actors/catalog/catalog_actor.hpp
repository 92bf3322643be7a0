#pragma once

#include <caf/actor_system.hpp>

#include "actors/catalog/catalog_snapshot.hpp"
#include "actors/messages/interfaces.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Outlives the actor.
struct catalog_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  probe_registry& probes;
  catalog_snapshot& board;
};

/// The one owner of sales channels, campaigns and segments. It reads itself from the state when it
/// starts, so everything it recorded before must be projected by then.
catalog_actor spawn_catalog(caf::actor_system& system, const catalog_services& services);

}  // namespace switchboard
