#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/agent/agent_state.hpp"
#include "actors/configuration/loaded_configuration.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/journal.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

/// What the owner of the configuration needs of its node. Outlives it.
struct configuration_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  /// From now on everybody sees this version; before anybody is told of it.
  std::function<void(const loaded_configuration&)> activate;
  /// From now on these groups count as closed by hand.
  std::function<void(const std::vector<group_switch>&)> close;
  std::function<group_actor(const config::group_config&)> spawn_group;
  std::function<agent_actor(const config::agent_config&, agent_record)> spawn_agent;
  /// So many things the dispatch file and what was decided while running disagree about.
  std::function<void(std::size_t)> disagree;
  /// Where files that a version names lie, whoever sends its text: on this machine.
  std::function<std::string()> folder;
  /// How long a comparison with the live queues waits for sessions to say where they stand.
  millis diff_patience{2'000};
};

/// What the owner begins with.
struct configuration_inheritance {
  configuration_record record;
  loaded_configuration active;
  /// `active` is not in the journal yet.
  bool fresh = true;
  /// Of agents that are not configured now, for the day they are again.
  std::unordered_map<agent_id, agent_record> others;
  /// What a fresh `active` changes of accounts.
  std::vector<config::stored_account> accounts;
  /// Not 0: of the dispatch file, which says nothing new.
  std::uint64_t settle = 0;
  std::optional<file_conflict> conflict;
};

/// The one writer of the configuration. Versions are journaled whole, and taken up at once and as
/// one: routers get the new snapshot, groups and agents that changed are told, new ones are
/// spawned, those that are gone retire. What does not change is not touched. A version with
/// anything wrong in it changes nothing.
configuration_actor spawn_configuration(caf::actor_system& system,
                                        const configuration_services& services,
                                        configuration_inheritance inherited);

}  // namespace switchboard
