#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "actors/agent/agent_machine.hpp"
#include "actors/session/session_attendance.hpp"
#include "actors/session/session_codec.hpp"

namespace switchboard::test {

/// Random commands on a few sessions and agents: everything that moves a session between people, in
/// any order. The pure decisions are the real ones, and so are the agents' books; what the shells
/// tell the agents is repeated in `tell_agents`.
class transfer_walk {
 public:
  explicit transfer_walk(std::uint64_t seed);

  void step();
  /// What is wrong now; empty when nothing is.
  std::string check();
  /// Nobody does anything more: whatever runs out by itself must do so (I6). Says what has not.
  std::string run_out();
  const std::string& last_command() const { return last_; }

 private:
  struct line {
    session_state state;
    std::string log;  // every event, encoded
    timestamp opened_at;
  };

  int roll(int n) { return static_cast<int>(rng_() % static_cast<std::uint64_t>(n)); }
  line& any_session() {
    return sessions_[static_cast<std::size_t>(roll(static_cast<int>(sessions_.size())))];
  }
  agent_machine& any_agent() {
    return agents_[static_cast<std::size_t>(roll(static_cast<int>(agents_.size())))];
  }
  agent_machine* agent(const std::string& id);
  static participant as_agent(const agent_machine& a) {
    return {"agent", a.config().id.value, a.config().name};
  }

  void open();
  void happen(line& l, session_machine::payloads events);
  void happen(line& l, result<session_machine::payloads> decided);
  void tell_agents(line& l, const session_event& e, const std::string& owner_before,
                   std::vector<std::string> parties_before,
                   const std::vector<offer_id>& offers_before);
  void propose(line& l);
  void answer(line& l);
  void transfer(line& l);
  void end_transfer(line& l);
  void lose(agent_machine& a);
  void supervise(line& l);
  void put_off(line& l);
  void customer_writes(line& l);
  void owner_writes(line& l);
  void recall(line& l);
  void pass_time();
  void fire(line& l);
  std::string check(line& l);
  std::string check_replay(const line& l);
  std::string check_books();

  std::mt19937_64 rng_;
  timestamp now_ = from_unix_ms(1'700'000'000'000);
  std::vector<line> sessions_;
  std::vector<agent_machine> agents_;
  std::uint64_t offers_ = 0, ids_ = 0;
  session_transfer::limits limits_;
  std::string last_, wrong_;
};

}  // namespace switchboard::test
