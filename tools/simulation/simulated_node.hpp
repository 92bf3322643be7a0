#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>

#include "runtime/store/memory_journal.hpp"
#include "runtime/store/memory_state.hpp"
#include "tools/node/node.hpp"
#include "tools/simulation/deployment_check.hpp"
#include "tools/simulation/fake_centers.hpp"
#include "tools/simulation/journal_checker.hpp"
#include "tools/simulation/line.hpp"
#include "tools/simulation/observed_journal.hpp"
#include "tools/simulation/random_schedule.hpp"
#include "tools/simulation/store_room.hpp"
#include "tools/simulation/virtual_time.hpp"

namespace switchboard::simulation {

/// A whole node on one thread: actors run in random order, time is virtual, the disk commits when
/// told to, and the process can be killed at any moment and started again. Whoever drives it plays
/// its clients.
class simulated_node {
 public:
  simulated_node(const std::string& dispatch_yaml, std::uint64_t seed);
  ~simulated_node();

  /// Recovers from the disk and starts all actors.
  void start();
  /// The process dies: what is not durable is gone, so are all connections.
  void kill();
  /// Time goes by while the process is dead.
  void stay_down(millis by) { clock_.advance(by); }
  bool alive() const { return life_ != nullptr; }

  // ---- time and chance
  /// Lets at most `n` messages be handled; false if there were fewer.
  bool run(std::size_t n);
  /// Until nobody has anything to do. A breach of I6 if that does not come.
  void settle();
  bool anybody_ready() const { return life_->schedule->anybody_ready(); }
  /// Time goes on at once, whatever is still to do: a machine that cannot keep up.
  void leap(millis by);
  /// By this name the timers are held up, as a machine that is too busy would.
  static constexpr const char* timers_name = "timers";
  /// Time goes on, and everything happens when it is due.
  void pass(millis by);
  /// How long until something is due.
  millis until_due(millis at_most) const;
  random_schedule& schedule() { return *life_->schedule; }
  timestamp now() const { return clock_.truth(); }
  timestamp wall() const { return clock_.wall(); }
  /// Somebody sets the machine's clock, forward or back.
  void set_wall(millis by);
  timestamp started() const { return started_; }

  // ---- the disk
  void commit(std::size_t n);
  /// While true, `settle` and `pass` commit everything as they go.
  bool quick_disk = true;
  store::memory_journal& disk() { return disk_; }
  store::memory_state& state() { return state_; }
  store_room& room() { return room_; }

  // ---- the doors, as gateway has them
  std::shared_ptr<line> connect(line::receiver to);
  template <class M> void to_session(M m) {
    if (!room_.admits(m)) return;
    auto& d = node_().directory();
    if (auto session = d.sessions.find(m.session)) return caf::anon_send(session, std::move(m));
    auto shard = m.session.shard;
    caf::anon_send(d.directory_of(shard), std::move(m));
  }
  void open(open_session m);
  /// Nobody can log in whose account is disabled: the connection ends.
  template <class M> void to_agent(const agent_id& id, M m) {
    if (!room_.admits(m)) return;
    if (auto agent = node_().directory().find_agent(id)) return caf::anon_send(agent, std::move(m));
    if constexpr (requires { m.out; }) {
      if (m.out) m.out->end();
    } else {
      m.reply.fail(0, error{errc::unauthenticated, "there is no such account", {}, {}, 0});
    }
  }

  // ---- what can be seen
  /// Every agent's own account. Nothing may be under way.
  std::vector<agent_standing> standings();
  const config::dispatch_config& config() const { return *config_; }
  journal_checker& truth() { return truth_; }
  verdict& found() { return found_; }
  fake_centers& centers() { return *centers_; }
  node& node_() { return *life_->node; }
  chance& luck() { return luck_; }
  std::uint64_t handled() const { return handled_ + (life_ ? life_->schedule->steps() : 0); }
  /// Told what happens, where somebody listens.
  std::function<void(const std::string&)> trace;
  void tell(const std::string& what) const;
  std::uint64_t late_matches() const {
    return late_matches_ + (life_ ? life_->node->late_matches() : 0);
  }

 private:
  /// One life of the process.
  struct life {
    std::unique_ptr<observed_journal> journal;
    /// The way out of all its connections, as an io thread has it: woken by commits, drained when
    /// the thread gets to run.
    bool gate_woken = false;
    std::unique_ptr<channel::gate> gate;
    std::vector<std::shared_ptr<line>> writing;
    caf::actor_system_config config;
    std::unique_ptr<caf::actor_system> system;
    caf::scheduler::test_coordinator* coordinator = nullptr;
    std::unique_ptr<random_schedule> schedule;
    std::unique_ptr<switchboard::node> node;
    std::size_t others_running = 0;  // actors that are none of ours
  };
  void end_actors();
  void look_at_timers();
  line::exit way_out() { return {*life_->gate, life_->writing}; }
  /// `slowly`: some clients take what is written to them later.
  void flush_lines(bool slowly = false);
  static std::vector<std::shared_ptr<store::projection>> projections();

  chance luck_;
  verdict found_;
  virtual_clock clock_;
  timestamp started_;
  std::string yaml_;
  std::shared_ptr<const config::dispatch_config> config_;
  std::shared_ptr<fake_centers> centers_ = std::make_shared<fake_centers>();
  store::memory_journal disk_;
  store::memory_state state_;
  store_room room_{disk_, state_};
  journal_checker truth_;
  std::unique_ptr<life> life_;
  std::vector<std::shared_ptr<line>> lines_;
  std::size_t prune_lines_at_ = 64;
  std::uint64_t next_line_ = 1, handled_ = 0, late_matches_ = 0;
};

}  // namespace switchboard::simulation
