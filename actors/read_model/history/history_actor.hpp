#pragma once

#include <caf/actor_system.hpp>

#include "actors/messages/interfaces.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// What the archive reads from. Outlives it.
struct history_services {
  const store::state& state;
  const clock_source& clock;
  probe_registry& probes;
};

enum class history_thread {
  own,    // detached: the pages it reads may lie on a disk
  shared  // scheduled like everybody, for tests
};

/// Reads transcripts, sessions and trails back from the state environment for those who have let go
/// of them. What is not projected yet is not in its answers: sessions keep that themselves.
history_actor spawn_history(caf::actor_system& system, const history_services& services,
                            history_thread on = history_thread::own);

}  // namespace switchboard
