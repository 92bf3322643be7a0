#pragma once

#include <functional>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "actors/agent/agent_machine.hpp"
#include "actors/agent/agent_state.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

struct agent_options {
  /// A freed agent decides after so long, whoever has not answered.
  millis round_deadline{5};
  /// A reservation no session has settled by then is asked about.
  millis reservation_patience{5'000};
  /// Draining ends in away after this, whatever is left.
  millis drain_limit{30 * 60'000};
  /// In whose days work is counted: a zone as calendars have it.
  std::string zone = "UTC";
};

/// What every agent of a node shares. Outlives them.
struct agent_services {
  store::journal& journal;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  agent_options options;
  /// What is durable of an agent, for who asks while the journal stands still by the gate; null:
  /// it never does.
  const store::state* state = nullptr;
  const store::work_gate* gate = nullptr;
};

/// `record` is what the journal kept, `served` what the sessions' records say this agent serves:
/// its room is taken before those sessions have said a word. The agent comes back as reconnecting
/// if it was not offline.
agent_actor spawn_agent(caf::actor_system& system, const agent_services& services,
                        config::agent_config config, agent_record record,
                        std::vector<agent_machine::served_session> served = {});

}  // namespace switchboard
