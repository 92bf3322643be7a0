#pragma once

#include <functional>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// Outlives the actor. The configuration's mining rules were checked when it was loaded.
struct miner_services {
  const store::state& state;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
};

enum class miner_thread {
  own,    // detached: transcripts may lie on a disk
  shared  // scheduled like everybody, for tests
};

/// Applies the mining rules to sessions that are projected, and tells the customer what they
/// suggest.
miner_actor spawn_miner(caf::actor_system& system, const miner_services& services,
                        miner_thread on = miner_thread::own);

}  // namespace switchboard
