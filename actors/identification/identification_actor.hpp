#pragma once

#include <functional>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

struct identification_services {
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  center_handles centers;
  std::atomic<std::int64_t>& degraded;  // findings given with something missing
};

/// Finds out who asks: source and identity at once; tags, trail and orders as soon as the member is known (or known not to be).
/// All under one deadline: what is missing then is named and nothing waits. Answers that come later make a late finding, once.
identification_actor spawn_identification(caf::actor_system& system, const identification_services& services, std::string name);

}  // namespace switchboard
