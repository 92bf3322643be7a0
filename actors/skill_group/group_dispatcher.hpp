#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <span>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/decision.hpp"
#include "actors/skill_group/estimated_wait.hpp"
#include "actors/skill_group/queue_entry.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

enum class enter_outcome : std::uint8_t { entered, full };
/// `returning`: it had a place here (a missed offer, a restart), so queue.max does not turn it
/// away.
enum class admission : std::uint8_t { fresh, returning };

enum class proposal_failure : std::uint8_t {
  agent_refused,  // no room after all, or no answer: the view was stale
  declined,       // these two are remembered: the agent is not asked again in this round
  missed,
  session_refused,  // it took another proposal: it keeps its place, and is left alone until enter,
                    // update or 1 s
};

/// What the group tells of itself: KPI, and queue(group) in rules.
struct group_stats {
  std::size_t waiting = 0;
  std::optional<millis> oldest;
  std::size_t online = 0;
  std::size_t available = 0;            // online with room for one unit, as far as the group knows
  std::optional<double> service_level;  // of the last 30 minutes
  std::optional<wait_estimate> eta;     // of one who would enter now
};

/// The heart of a skill group: its waiting queue, its view of its agents, and the choice between
/// them. Pure: `now` and `rng` are arguments, `now` never goes back. Not thread-safe; one actor
/// owns it. No decision scans agents or waiters: waiters are indexed by what they need, agents by
/// what they offer (docs: waiting_queue.hpp, agent_index.hpp).
///
///   waiting --next_match | mark_proposed--> proposed --proposal_taken--> gone
///      ^------------proposal_failed-----------'
///
/// A proposed entry keeps its place and its position; the room it would take is taken from the view
/// meanwhile.
class group_dispatcher {
 public:
  explicit group_dispatcher(config::group_config options);
  ~group_dispatcher();
  group_dispatcher(group_dispatcher&&) noexcept;
  group_dispatcher& operator=(group_dispatcher&&) noexcept;

  /// Idempotent per session: a second `enter` is an `update`. The place counts from
  /// entry.opened_at.
  enter_outcome enter(const queue_entry& c, timestamp now, admission how = admission::fresh);
  /// Takes over what changed (asked, sticky, priority, need). False if the session does not wait
  /// here.
  bool update(const queue_entry& c, timestamp now);
  bool leave(const session_id& session, timestamp now);
  bool contains(const session_id& session) const;
  const queue_entry* find(const session_id& session) const;
  /// Waiting and proposed.
  std::size_t size() const;
  /// From 1, in the group's order; O(log n).
  std::optional<std::size_t> position(const session_id& session) const;
  std::optional<millis> oldest(timestamp now) const;
  /// The first `most` of those who wait, in the group's order.
  std::vector<session_id> first_waiting(std::size_t most) const;

  /// Keeps the newest revision; false if this one was not newer. An agent it hears of is a member.
  bool agent_changed(const agent_view& view, timestamp now);
  void agent_gone(const agent_id& agent, timestamp now);
  const agent_view* find_agent(const agent_id& agent) const;
  /// The order of `top_down`, best first; agents not named follow by id.
  void set_roster(std::span<const agent_id> best_first);
  /// After a restart: the group's latest assignment; `round_robin` goes on after it.
  void restore_round_robin(const agent_id& last);

  /// The first waiter in the group's order that some eligible agent can take, and the agent the
  /// strategy picks for it; marks it proposed. Call until it answers nothing: then no eligible pair
  /// is left (I3).
  std::optional<match> next_match(timestamp now, std::mt19937_64& rng);
  /// Time, or an agent's news, has made something possible that next_match was not asked for since:
  /// also what looks for one agent alone lets time go on for all.
  bool has_untried() const;
  /// For an agent that asks: the first waiter it is eligible for. Changes no entry; tell
  /// `agent_changed` first.
  std::optional<queue_entry> head_for(const agent_id& agent, timestamp now);
  /// The agent has granted `session`, which is proposed to it, its room; tell `agent_changed`
  /// first. True where somebody before it in line could have that room: then it is not proposed any
  /// more, and the agent, whose room is to be released, is left alone until its next revision, with
  /// which it asks for the first in line.
  bool give_way(const session_id& session, const agent_id& agent, timestamp now);
  /// The agent granted its head. False if that session no longer waits (or is proposed elsewhere):
  /// release the room.
  bool mark_proposed(const session_id& session, const agent_id& agent, timestamp now);
  /// Everybody who could take it had been asked, so its memory was cleared here (match::new_round
  /// says the same); the session is told with the proposal, for its record is what outlives us.
  bool in_new_round(const session_id& session) const;
  /// The session took it: it leaves the queue. False if this was not its proposal.
  bool proposal_taken(const session_id& session, const agent_id& agent, timestamp now,
                      const std::optional<agent_view>& fresh = {});
  /// Back to its old place. A refusing agent without a fresh view is left alone until its next
  /// revision.
  bool proposal_failed(const session_id& session, const agent_id& agent, proposal_failure why,
                       timestamp now, const std::optional<agent_view>& fresh = {});
  /// When time alone will make something possible (sticky, ramp, fill_after, restart); at or before
  /// `now`: call next_match. One timer is enough.
  std::optional<timestamp> next_deadline(timestamp now);

  /// A closed group (calendar) matches nothing and answers no heads.
  void set_open(bool open);
  /// As above; the ramp after opening counts from `now`.
  void set_open(bool open, timestamp now);
  bool open() const;
  /// Restart: so many more waiters are to enter; dispatch waits for them, at most `until`.
  void expect(std::size_t waiters, timestamp until);
  /// One of them came, or will not come.
  void registered(std::size_t waiters = 1);
  bool ready(timestamp now) const;
  /// A reload: keeps waiters, places, agents, proposals and what it learned.
  void reconfigure(config::group_config options, timestamp now);
  const config::group_config& options() const;

  /// For the service level: a session of this group was accepted after `wait`, or gave up after it.
  void note_accepted(millis wait, timestamp now);
  void note_abandoned(millis wait, timestamp now);
  group_stats stats(timestamp now) const;
  /// Nothing rather than a guess without data. O(log n).
  std::optional<wait_estimate> eta(const session_id& session, timestamp now) const;
  std::optional<wait_estimate> eta_at(std::size_t position, timestamp now) const;
  /// For operators; scans the group's agents.
  /// The clause that keeps this agent from this waiter: none where it could take it at once.
  clause why_not(const session_id& session, const agent_id& agent, timestamp now);
  std::optional<explanation> explain(const session_id& session, timestamp now) const;

 private:
  struct parts;
  std::unique_ptr<parts> p_;
  bool untried_ = false;
};

}  // namespace switchboard
