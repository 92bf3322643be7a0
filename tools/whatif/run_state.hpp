#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/agent/agent_machine.hpp"
#include "actors/agent/agent_state.hpp"
#include "actors/router/routing_rules.hpp"
#include "actors/session/session_dispatch.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/group_dispatcher.hpp"
#include "tools/whatif/arrival_source.hpp"
#include "tools/whatif/event_heap.hpp"
#include "tools/whatif/model_run.hpp"

/// The inside of a run. Private to this room.
namespace switchboard::whatif {

enum class session_step : std::uint8_t { free, waiting, offered, active };

/// The groups and agents of a model, which do not change.
class model_roster final : public roster {
 public:
  explicit model_roster(const config::dispatch_config& config) : config_(config) {}
  bool has(const group_id&) const override { return true; }
  bool has(const agent_id&) const override { return true; }
  group_id successor(const group_id& id) const override { return id; }
  const config::dispatch_config& config() const override { return config_; }

 private:
  const config::dispatch_config& config_;
};

/// One session while it lives. Slots are used again, and their texts keep their room.
struct live_session {
  session_id id;
  arrival who;
  std::uint64_t number = 0;
  findings found;
  dispatch_state state;       // as far as it waits: plan, step, groups, who was asked
  session_dispatch dispatch;  // decides as the daemon's sessions do
  timestamp opened_at, phase_since;
  std::uint32_t mark = 0;       // of the slot: rises when the session ends
  std::uint32_t step_mark = 0;  // rises when its timers of steps and offers no longer hold
  session_step phase = session_step::free;
  bool counts = false;
  bool told = false;          // an estimate, or that none is needed
  std::uint32_t told_by = 0;  // group
  timestamp told_at;
  wait_estimate estimate;
  std::uint32_t agent = 0;  // offered to, or served by
  std::uint32_t group = 0;
  std::uint32_t offers = 0;
};

struct modelled_group {
  explicit modelled_group(const config::group_config& c) : dispatcher(c) {}
  group_dispatcher dispatcher;
  const config::calendar* hours = nullptr;
  std::vector<std::uint32_t> agents;
  bool touched = false;
  timestamp armed_for{};  // 0: not
  std::size_t waiting = 0;
  std::int64_t waiting_since = 0;
};

struct modelled_agent {
  modelled_agent(const config::agent_config& c, agent_record r) : machine(c, std::move(r)) {
    machine.line_back();
  }
  agent_machine machine;
  std::uint64_t rev = 0;
  std::vector<std::uint32_t> groups;
  double speed = 1;
  bool on_shift = false;
  std::vector<std::uint64_t> accepted_in;  // by position in `groups`
  // What it did since `since_ms`; integrated at each change.
  std::int64_t since_ms = 0;
  int used = 0, capacity = 0;
  bool staffed = false, busy = false;
};

struct wrap_up_slot {
  session_id session;
  std::uint32_t agent = 0;
};

class model_run {
 public:
  model_run(const deployment_model& model, const run_options& options);
  run_result play();

 private:
  // model_run.cpp: time
  void set_up();
  void handle(const timed_event& e);
  void settle();
  void arm(std::uint32_t group);
  bool ended() const;
  std::int64_t ms(timestamp t) const { return (t - model_.start).count(); }
  void report_progress();

  // session_life.cpp
  void open(const arrival& a);
  void find_out(live_session& s);
  void enter_step(std::uint32_t slot, step_choice choice);
  void carry_out(std::uint32_t slot, const session_effects& effects);
  void leave_dispatcher(live_session& s, const group_id& group, leave_cause cause);
  bool enter_dispatcher(live_session& s, const group_id& group, admission how);
  void step_over(std::uint32_t slot);
  void turned_away(std::uint32_t slot, config::when_full then);
  queue_entry entry_of(const live_session& s) const;
  route_input input_of(const live_session& s) const;
  void tell_estimate(std::uint32_t slot);
  void left_message(std::uint32_t slot);
  void abandon(std::uint32_t slot);
  void finish(std::uint32_t slot);
  void judge_estimate(live_session& s, bool accepted, std::uint32_t group);
  const queue_snapshot& board();
  std::uint32_t take_slot();
  session_id id_for(std::uint32_t slot) const;

  // dispatch.cpp
  void pump(std::uint32_t group);
  void matched(std::uint32_t group, std::uint32_t slot, std::uint32_t agent);
  void ring(std::uint32_t slot, std::uint32_t group, std::uint32_t agent);
  void answer(std::uint32_t slot, bool accepted);
  void offer_failed(std::uint32_t slot, bool missed);
  void serve(std::uint32_t slot, std::uint32_t group, std::uint32_t agent);
  void freed(std::uint32_t agent);
  void tell_groups(std::uint32_t agent, std::uint32_t but = UINT32_MAX);
  void touch(std::uint32_t group);

  // agent_life.cpp
  void end_service(std::uint32_t slot);
  void end_wrap_up(std::uint32_t number);
  void change_shift(std::uint32_t agent);
  void set_presence(std::uint32_t agent, agent_status status, const char* reason);
  void come_back(std::uint32_t agent);
  void check_leaving(std::uint32_t agent);
  void note_agent(std::uint32_t agent);
  std::int64_t next_shift_change(std::uint32_t agent, std::int64_t from_ms) const;
  bool on_shift(std::uint32_t agent, std::int64_t at_ms) const;
  agent_view view_of(std::uint32_t agent);

  // bookkeeping.cpp
  void note_queue(std::uint32_t group);
  void note_accepted(live_session& s, std::uint32_t group, std::uint32_t agent);
  void note_abandoned(live_session& s);
  interval_figures& interval(std::uint32_t group, std::int64_t at_ms);
  void close_books();
  double fairness_of(std::uint32_t group) const;

  const deployment_model& model_;
  model_roster known_;
  const run_options& options_;
  arrival_source arrivals_;
  event_heap events_;
  timestamp now_;
  std::vector<modelled_group> groups_;
  std::vector<modelled_agent> agents_;
  std::unordered_map<agent_id, std::uint32_t> agent_index_;
  std::unordered_map<group_id, std::uint32_t> group_index_;
  std::vector<live_session> sessions_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<wrap_up_slot> wrap_ups_;
  std::vector<std::uint32_t> free_wrap_ups_;
  std::vector<std::uint32_t> touched_;
  std::vector<int> weights_;          // by class
  std::vector<std::string> sources_;  // likewise
  std::mt19937_64 rng_;
  queue_snapshot board_;
  bool uses_board_ = false;
  timestamp board_at_{};
  std::size_t waiting_sessions_ = 0;
  std::uint64_t ticks_ = 0;
  run_result out_;
};

}  // namespace switchboard::whatif
