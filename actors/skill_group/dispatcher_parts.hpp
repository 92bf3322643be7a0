#pragma once

#include <unordered_set>
#include <vector>

#include "actors/skill_group/agent_index.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/group_dispatcher.hpp"
#include "actors/skill_group/service_window.hpp"
#include "actors/skill_group/waiting_queue.hpp"

namespace switchboard {

/// The inside of a dispatcher. Matching is driven by what changed: after a drain no eligible pair
/// is left, so a new pair has a *fresh* side, a waiter that came (back) or an agent that gained.
/// next_match looks at fresh waiters in order and at the heads of fresh agents, and takes the
/// earlier. Whatever can make a pair eligible must therefore mark a side fresh: refresh_waiter and
/// refresh_agent do, and every clause that depends on time arms a deadline that calls one of them.
struct group_dispatcher::parts {
  /// A refused entry is left alone so long unless its session speaks first.
  static constexpr millis park_time{1000};
  /// Reserved room: at most so many agents at once, and a tenth of those online; each for at most
  /// 10 × fill_after, then not before another fill_after.
  static constexpr std::size_t max_reserved = 16;
  static constexpr int reserved_for = 10;

  explicit parts(config::group_config o);

  config::group_config options;
  dispatcher::eligibility_matrix fits;
  dispatcher::agent_index agents;
  dispatcher::waiting_queue queue;

  struct fresh_entry {
    dispatcher::place_entry at;  // for an agent: its head is not before this
    std::uint32_t slot = 0, generation = 0, mark = 0;
    bool operator>(const fresh_entry& o) const { return o.at < at; }
  };
  std::vector<fresh_entry> fresh_waiters, fresh_agents;  // heaps

  struct deadline {
    timestamp at;
    bool agent = false;
    std::uint32_t slot = 0, generation = 0;
    bool operator>(const deadline& o) const { return at > o.at; }
  };
  std::vector<deadline> deadlines;  // a heap

  struct reservation {
    std::uint32_t waiter = 0, agent = 0;
    timestamp until{};
  };
  std::vector<reservation> reserved;
  dispatcher::sorted_blocks<dispatcher::place_entry>
      due;                              // heavy, past fill_after, nothing reserved
  std::vector<std::uint32_t> hopeless;  // of these, nobody to reserve: until who is online changes
  std::uint64_t hopeless_epoch = 0, reserve_changes = 0;

  std::unordered_set<std::uint32_t> remembering;  // waiters with a non-empty memory
  std::uint64_t rounds_epoch = 0;
  std::vector<std::uint32_t> rounds_to_check;

  bool is_open = true;
  timestamp opened_at{};
  std::size_t expected = 0, came = 0;
  timestamp wait_until{};
  std::size_t proposed = 0;

  dispatcher::service_window served;
  backlog_rate rate;
  std::size_t blocked = 0;
  /// How many are blocked by signature, and the signatures with any. Agents online for at least one
  /// of them are counted anew once a second at most: they serve the backlog.
  std::vector<std::uint32_t> blocked_with;
  std::vector<std::uint32_t> blocked_signatures;
  std::size_t backlog_agents = 0;
  bool backlog_changed = false;
  std::uint64_t backlog_epoch = 0;
  timestamp backlog_counted{};

  // The queue (group_dispatcher.cpp)
  enter_outcome enter(const queue_entry& c, timestamp now, admission how);
  void update(std::uint32_t slot, const queue_entry& c, timestamp now);
  void leave(std::uint32_t slot, timestamp now);
  void remember(std::uint32_t slot);
  void block(std::uint32_t slot);
  void unblock(std::uint32_t slot);
  void tick(timestamp now);
  void count_backlog_agents(timestamp now);

  // Agents (desk_agents.cpp)
  bool agent_changed(const agent_view& view, timestamp now);
  void agent_gone(std::uint32_t slot, timestamp now);
  void presence_changed(const agent_id& agent, timestamp now);
  void refresh_agent(std::uint32_t slot, timestamp now);
  void mark_agent_fresh(std::uint32_t slot);

  // Proposals (desk_proposals.cpp)
  void propose(std::uint32_t waiter, std::uint32_t agent, timestamp now);
  bool ramps(const dispatcher::agent_entry& a, timestamp now) const;
  bool is_proposal(std::uint32_t waiter, const agent_id& agent) const;
  void give_back(const dispatcher::proposed_match& p, bool rang, timestamp now);
  void taken(std::uint32_t waiter, const std::optional<agent_view>& fresh, timestamp now);
  bool give_way(std::uint32_t waiter, timestamp now);
  void failed(std::uint32_t waiter, proposal_failure why, const std::optional<agent_view>& fresh,
              timestamp now);

  // Clauses that depend on time or on other agents (desk_clauses.cpp)
  bool held_by_sticky(const dispatcher::waiter& w, timestamp now);
  void refresh_waiter(std::uint32_t slot, timestamp now);
  void mark_waiter_fresh(std::uint32_t slot);
  void arm(deadline d);
  /// True if time has brought something about that no pair was looked for with yet.
  bool advance(timestamp now);
  bool check_rounds(timestamp now);
  bool check_round(std::uint32_t slot, timestamp now);

  // Reserved room (reserved_room.cpp)
  void set_due(std::uint32_t slot, dispatcher::due_state s);
  bool review_reservations(timestamp now);
  void reserve_for_due(timestamp now);
  std::uint32_t best_to_reserve(std::uint32_t waiter);
  void reserve(std::uint32_t waiter, std::uint32_t agent, timestamp now);
  void release_reservation(std::uint32_t waiter, timestamp now);
  /// False if the agent's freed room is reserved for somebody before `w`.
  bool may_use_room(const dispatcher::agent_entry& a, std::uint32_t waiter) const;

  // The choice (desk_dispatch.cpp)
  bool can_take(const dispatcher::agent_entry& a, std::uint32_t waiter);
  bool dispatching(timestamp now) const;
  dispatcher::agent_query query_of(const dispatcher::waiter& w) const;
  dispatcher::chosen_agent pick(std::uint32_t waiter, std::mt19937_64* rng,
                                std::vector<rejected_agent>* rejected);
  void settle_fresh();
  /// The first in line whom the agent could take, with `more` room than it has, of those who stand
  /// before `limit`.
  std::uint32_t head_of(std::uint32_t agent, int more = 0,
                        dispatcher::place_entry limit = {{INT64_MAX, {}}, dispatcher::nothing});
  std::uint32_t first_of_fresh_agents();
  std::optional<match> next_match(timestamp now, std::mt19937_64& rng);
  match make_match(std::uint32_t waiter, const dispatcher::chosen_agent& chosen,
                   std::vector<rejected_agent> rejected, timestamp now);

  // Reports (desk_report.cpp)
  clause first_failing(const dispatcher::agent_entry& a, std::uint32_t waiter, timestamp now);
  std::optional<wait_estimate> eta(std::uint32_t slot);
  explanation explain(std::uint32_t slot, timestamp now);
  std::optional<timestamp> first_deadline();
  void reconfigure(config::group_config o, timestamp now);
};

}  // namespace switchboard
