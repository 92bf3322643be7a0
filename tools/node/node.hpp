#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <random>

#include <caf/actor_system.hpp>

#include "actors/agent/agent_actor.hpp"
#include "actors/catalog/catalog_actor.hpp"
#include "actors/configuration/configuration_actor.hpp"
#include "actors/configuration/rule_cache.hpp"
#include "actors/customer/customer_actor.hpp"
#include "actors/directory/directory_actor.hpp"
#include "actors/identification/identification_actor.hpp"
#include "actors/mining/miner_actor.hpp"
#include "actors/read_model/history/history_actor.hpp"
#include "actors/read_model/recovery/recovery.hpp"
#include "actors/router/router_actor.hpp"
#include "actors/session/session_actor.hpp"
#include "actors/skill_group/skill_group_actor.hpp"
#include "adapters/center_actor/center_actor.hpp"
#include "adapters/center_actor/credit_actor.hpp"
#include "runtime/hosting/timer_thread.hpp"

namespace switchboard {

struct node_options {
  unsigned directories = 4, routers = 2, identifiers = 2;
  /// Looks at the clock by itself; without it whoever has the node calls `timers().advance()`.
  bool timer_thread = true;
  history_thread archive = history_thread::own;
  miner_thread miner = miner_thread::own;
  session_options session;
  agent_options agent;
  group_options group;
  customer_options customer;
  credit_options credit;
  std::uint64_t seed = 0;                     // of everything random here
  attachment_release* attachments = nullptr;  // outlives the node
  /// Whether the journal stands still; null: never. Outlives the node.
  const store::work_gate* gate = nullptr;
  /// Told of the configuration at the start and of every one that takes its place. Any thread.
  std::function<void(const config::dispatch_config&)> configured;
  /// Under which repeated requests are known: the store's, so that they are through restarts.
  codec::digest_secret secret{};
  std::string dispatch_folder;  // where files that a configuration names lie
  /// `stop` returns when every actor has ended. Where the caller lets the actors run itself, it
  /// does that after `stop`.
  bool wait_at_stop = true;
};

/// All actors of one node, without sockets, files or the wall clock: the daemon gives it LMDB and
/// time, a simulation gives it memory and virtual time. Made and ended by one thread; what it hands
/// out is thread-safe as stated there.
class node {
 public:
  /// Journal, state, clock and system outlive it.
  node(caf::actor_system& system, store::journal& journal, const store::state& state,
       const clock_source& clock, std::shared_ptr<center::center_client> centers,
       configuration_start configuration, const node_options& options);
  ~node();

  /// The start order, one list: see the source. `world` is what recovery loaded; the state has come
  /// up to it.
  void start(recovery::recovered_world world);
  /// Ends every actor. The journal is not touched. Until the last one has ended everything they
  /// look at stays.
  void stop();

  directory_view& directory() { return directory_; }
  session_counters& counters() { return counters_; }
  probe_registry& probes() { return probes_; }
  timer_service& timers() { return timers_; }
  const center_handles& centers() const { return centers_; }
  const credit_actor& credit() const { return credit_; }
  const block_list& blocks() const { return blocks_; }
  const catalog_snapshot& catalog() const { return catalog_; }
  std::shared_ptr<const config::dispatch_config> config() const {
    return std::atomic_load(&config_);
  }
  std::shared_ptr<const routing_rules> rules() const { return std::atomic_load(&rules_); }
  std::shared_ptr<const reception_rules> reception() const { return std::atomic_load(&reception_); }
  /// In so many things the dispatch file and what was decided while running disagree.
  std::size_t disagreements() const { return disagreements_; }
  std::uint64_t late_matches() const { return late_matches_; }
  std::uint64_t random();
  /// For versions loaded from now on.
  void look_for_files_in(std::string folder) {
    std::atomic_store(&folder_, std::make_shared<const std::string>(std::move(folder)));
  }

 private:
  void start_configuration(recovery::recovered_world& world);
  bool open_now(const config::group_config& g, timestamp t) const;
  profile_name name_now(const person_id& person, const std::string& channel,
                        const channel_customer& who);
  std::shared_ptr<const routing_rules> load_rules(int version) const;
  std::string folder() const { return *std::atomic_load(&folder_); }
  void start_customers();
  void start_agents_and_groups(recovery::recovered_world& world);
  void resume_sessions(recovery::recovered_world& world);
  void claim_again(const session_state& s);
  void send_exits();

  caf::actor_system& system_;
  std::size_t running_before_ = 0;
  const store::state& state_;
  configuration_start configuration_;
  std::shared_ptr<const config::dispatch_config> config_;
  std::shared_ptr<const routing_rules> rules_;
  std::shared_ptr<const config::account_index> accounts_;
  std::atomic<std::size_t> disagreements_{0};
  std::shared_ptr<const std::vector<group_switch>> closed_by_hand_;
  std::shared_ptr<const std::string> folder_;
  rule_cache rule_cache_;
  std::shared_ptr<const reception_rules> reception_;
  node_options options_;
  probe_registry probes_;
  timer_service timers_;
  session_counters counters_;
  directory_view directory_;
  center_handles centers_;
  credit_actor credit_;
  block_list blocks_;
  name_index names_;
  identity_claims claims_;
  catalog_snapshot catalog_;
  std::atomic<std::uint64_t> late_matches_{0};
  std::mutex random_lock_;
  std::mt19937_64 random_;

  session_services session_services_;
  agent_services agent_services_;
  group_services group_services_;
  router_services router_services_;
  configuration_services configuration_services_;
  history_services history_services_;
  center_services center_services_;
  credit_services credit_services_;
  customer_services customer_services_;
  catalog_services catalog_services_;
  miner_services miner_services_;
  std::unique_ptr<identification_services> identification_services_;
  directory_services directory_services_;
  /// Last: nobody is woken while the rest goes.
  std::unique_ptr<timer_thread> timer_thread_;
};

}  // namespace switchboard
