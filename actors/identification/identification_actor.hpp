#pragma once

#include <functional>
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/probe.hpp"

namespace switchboard {

/// Who asks, among the persons known already, and what of the request belongs to others.
struct known_person {
  person_id person;
  std::vector<std::string> conflicts;
};

struct identification_services {
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  center_handles centers;
  std::atomic<std::int64_t>& degraded;  // findings given with something missing
  /// By the request and its member's id (empty: none). Without it every stranger is a new person.
  std::function<known_person(const consultation_request&, const std::string&)> find_person = {};
  /// Fills in the sales channel and the campaign.
  std::function<void(const consultation_request&, findings&)> attribute = {};
};

/// Finds out who asks: source and identity at once; tags, trail and orders as soon as the member is
/// known (or known not to be). All under one deadline: what is missing then is named and nothing
/// waits. Answers that come later make a late finding, once.
identification_actor spawn_identification(caf::actor_system& system,
                                          const identification_services& services,
                                          std::string name);

}  // namespace switchboard
