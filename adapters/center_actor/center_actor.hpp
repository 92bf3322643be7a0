#pragma once

#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "adapters/center/center_client.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard {

struct center_services {
  const clock_source& clock;
  probe_registry& probes;
  store::journal& journal;
  const directory_view& directory;
  /// Embedded centers answer in microseconds, on the actor's own thread; services of the company's
  /// on the client's.
  std::shared_ptr<center::center_client> client;
};

/// The adapter actor of one center. It never waits: answers go on to whoever asked when they come.
center_actor spawn_center(caf::actor_system& system, const center_services& services,
                          center::center_kind kind);

/// "member", "tag", "product", "trade".
std::string_view name_of(center::center_kind kind);

}  // namespace switchboard
