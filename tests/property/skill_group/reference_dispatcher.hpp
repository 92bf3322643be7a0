#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/group_dispatcher.hpp"

namespace switchboard::test {

/// A group dispatcher as one would write it without thinking of speed: plain lists, every question
/// answered by trying everybody against everything. It shares no code with the real one but the
/// values.
class reference_dispatcher {
 public:
  struct agent {
    agent_view view;
    int unseen = 0, in_flight = 0, settled = 0;
    timestamp proposed_at{}, ramp_until{};
    bool distrusted = false;
    std::uint64_t incarnation = 0;
  };
  struct waiter {
    queue_entry what;
    std::vector<agent_id> forgiven;
    bool proposed = false;
    bool new_round = false;
    agent_id by;
    std::uint64_t by_incarnation = 0, by_rev = 0;
    int by_weight = 0;
    timestamp ramp_before{}, ramp_after{}, parked_until{}, reserve_not_before{};
    agent_id cursor_before;
  };
  struct choice {
    session_id session;
    agent_id agent;
    std::optional<agent_id> runner_up;
    std::vector<agent_id> eligible;
  };

  explicit reference_dispatcher(config::group_config o) : options(std::move(o)) {}

  bool enter(const queue_entry& c, timestamp now, bool returning);
  void update(const queue_entry& c, timestamp now);
  void leave(const session_id& s, timestamp now);
  bool agent_changed(const agent_view& v, timestamp now);
  void agent_gone(const agent_id& id, timestamp now);
  std::optional<choice> next(timestamp now);
  std::optional<queue_entry> head_for(const agent_id& id, timestamp now);
  void propose(const session_id& s, const agent_id& a, timestamp now);
  void taken(const session_id& s, const std::optional<agent_view>& fresh, timestamp now);
  void failed(const session_id& s, proposal_failure why, const std::optional<agent_view>& fresh,
              timestamp now);
  /// Sessions in the group's order.
  std::vector<session_id> order() const;

  config::group_config options;
  std::map<agent_id, agent> agents;
  std::map<session_id, waiter> waiters;
  agent_id cursor;
  bool open = true;

 private:
  struct reservation {
    session_id session;
    agent_id agent;
    timestamp until{};
  };
  bool before(const queue_entry& a, const queue_entry& b) const;
  static bool fits(const queue_entry& c, const agent_view& v);
  bool held(const waiter& w, timestamp now) const;
  bool in_pool(const waiter& w, timestamp now) const;
  bool eligible(const waiter& w, const agent& a, timestamp now) const;
  bool prefers(const queue_entry& c, const agent& a, const agent& b) const;
  std::vector<agent_id> ranked(const waiter& w, timestamp now) const;
  void give_back(waiter& w, bool rang);
  void drop_reservations(timestamp now);
  void settle(timestamp now);

  std::vector<reservation> reserved_;
  std::uint64_t incarnations_ = 0;
};

}  // namespace switchboard::test
