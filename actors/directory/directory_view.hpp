#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "actors/messages/interfaces.hpp"
#include "runtime/hosting/timer_service.hpp"

namespace switchboard {

/// Which actor is which live session: written by the directory that owns the shard, read by every
/// connection. Thread-safe.
class session_table {
 public:
  void put(const session_id& id, session_actor who);
  /// Nobody finds it any more; its last handle may be the one that is answered.
  session_actor take(const session_id& id);
  /// Null where the session is not in memory.
  session_actor find(const session_id& id) const;
  std::size_t size() const;
  void clear();
  /// Visits until `visit` answers false, stripe by stripe; not a consistent picture.
  void for_each(const std::function<bool(const session_id&, const session_actor&)>& visit) const;

 private:
  struct stripe {
    mutable std::shared_mutex lock;
    std::unordered_map<session_id, session_actor> sessions;
  };
  static constexpr std::size_t stripes = 256;  // one a shard
  std::array<stripe, stripes> stripes_;
};

/// The way to every actor: an actor finds another one only through this view. On a cluster the
/// handles of other nodes' actors lie here too. The fixed part is filled by the composition root
/// before the first message; groups and agents may change. Thread-safe.
class directory_view {
 public:
  session_table sessions;

  // Set once at start; the timers before any actor.
  timer_service* timers = nullptr;
  std::vector<directory_actor> directories;
  std::vector<router_actor> routers;
  std::vector<identification_actor> identifiers;
  std::vector<customer_directory_actor> customers;
  history_actor archive;
  configuration_actor configuration;
  center_handles centers;
  miner_actor miner;
  catalog_actor catalog;

  const directory_actor& directory_of(shard_id s) const {
    return directories[s % directories.size()];
  }
  const router_actor& router_of(shard_id s) const { return routers[s % routers.size()]; }
  const identification_actor& identifier_of(shard_id s) const {
    return identifiers[s % identifiers.size()];
  }
  const customer_directory_actor& customers_of(const person_id& p) const {
    return customers[entity_shard('p', p.value) % customers.size()];
  }

  /// Null where there is none of that name.
  group_actor find_group(const group_id& id) const;
  agent_actor find_agent(const agent_id& id) const;
  void put_group(const group_id& id, group_actor who);
  void put_agent(const agent_id& id, agent_actor who);
  std::vector<std::pair<group_id, group_actor>> all_groups() const;
  std::vector<std::pair<agent_id, agent_actor>> all_agents() const;
  /// Nobody finds it any more; it is kept among the retiring until `forget_retiring`, since it has
  /// offers to settle.
  group_actor retire_group(const group_id& id);
  /// The handle that was found there, for its end.
  agent_actor erase_agent(const agent_id& id);
  std::vector<group_actor> retiring_groups() const;
  void forget_retiring(const group_actor& who);
  /// Forgets every handle, so that the actors can end.
  void clear();

 private:
  mutable std::shared_mutex lock_;
  std::unordered_map<group_id, group_actor> groups_;
  std::unordered_map<agent_id, agent_actor> agents_;
  std::vector<group_actor> retiring_;
};

}  // namespace switchboard
