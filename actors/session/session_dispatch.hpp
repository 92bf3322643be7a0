#pragma once

#include <optional>
#include <vector>

#include "actors/session/group_places.hpp"
#include "actors/session/roster.hpp"
#include "actors/session/session_effect.hpp"
#include "actors/skill_group/queue_entry.hpp"

namespace switchboard {

/// A session's entry in the queue of a group, as it stands now; times are the session's own.
queue_entry queue_entry_of(const session_id& id, timestamp opened_at, timestamp phase_since,
                           int weight, const dispatch_state& d);

/// The same of a session that is one, with what a transfer under way says of it.
queue_entry queue_entry_of(const session_state& s);
/// It is just being offered to an agent of another group than this one, which may give the room it
/// keeps for it to others.
bool rings_elsewhere(const session_state& s, const group_id& group);

/// A person decided where a session goes: rules do not decide otherwise afterwards.
bool is_by_hand(const routing_plan& p);

/// What an offer that ended with `cause` means for the agent, by the configuration of the group
/// that made it. One that was withdrawn, or ended with a restart, is nobody's miss.
config::offer_failure meaning_of(const config::dispatch_config& c, const group_id& group,
                                 std::string_view cause);

/// In which queues a session stands, what a router is asked, and what becomes of proposals: how a
/// session comes to an agent.
///
///     a router plans → enters the queues of a step → a group proposes an agent → offered → served
///          ↑   ↑            │        │                                           │
///          │   └─ next step ┴ full,  └ waited long enough                        │
///          └─ its groups are gone, or its rules have changed      declined, missed: back to its
///          places
///
/// The plan, the step and who was asked are the session's state and durable. What is here is lost
/// with a restart and found again by `resume`. Functions named for events are called when those are
/// recorded and applied. Pure; not thread-safe.
class session_dispatch {
 public:
  /// `prefers`: a session that goes on from another goes to that one's agent first.
  explicit session_dispatch(agent_id prefers = {}) : prefers_(std::move(prefers)) {}

  // ---- routers

  /// By the rules that hold now (`anew`); else by the version that planned it before, if any did.
  void ask_router(bool anew, session_effects& out);
  /// Will the plan that a router answers with be taken up?
  bool takes_plan(const session_state& s) const;
  /// The answer: what is to be recorded. None where it is not wanted any more; another may be asked
  /// for instead.
  session_machine::payloads routed(const session_state& s, routing_plan plan, step_choice first,
                                   const roster& known, timestamp now, session_effects& out);
  session_machine::payloads step_chosen(const session_state& s, step_choice choice,
                                        const roster& known, timestamp now, session_effects& out);
  /// The rules have changed: it is planned anew, at once or when its offer is over.
  void reroute(const session_state& s, session_effects& out);
  bool awaits_router() const { return asked_ > overtaken_; }
  /// One router answers in the order in which it was asked. False for an answer that a person's
  /// decision has overtaken: what was asked for the plan before.
  bool router_answered() {
    if (asked_ > 0) --asked_;
    if (overtaken_ == 0) return true;
    --overtaken_;
    return false;
  }

  // ---- queues

  /// The session waits in the groups of `d`. `has_place`: it had one before, so that no full queue
  /// refuses it.
  void queued(const dispatch_state& d, bool has_place, const roster& known, session_effects& out);
  /// A queue is full, and `then` what its group's configuration says.
  void refused(const dispatch_state& d, session_phase phase, const group_id& group,
               config::when_full then, session_effects& out);
  /// A group is closed for now, or removed.
  void group_gone(const session_state& s, const group_id& group, bool removed, const roster& known,
                  session_effects& out);
  /// What its entries say has changed.
  void update_entries(session_effects& out) const;
  /// A group has told its position there: the group is open.
  void at_position(const group_id& group) { standing_.reopen(group); }
  /// True the first time in a wait: the customer is told in words too.
  bool first_position() { return !std::exchange(told_position_, true); }
  /// Leaves all queues.
  void leave(leave_cause cause, session_effects& out);

  // ---- offers

  /// A group proposes an agent. Refused where the session does not stand there, or has disavowed
  /// the offer.
  result<session_machine::payloads> propose(const session_state& s,
                                            const session_machine::proposal& p, timestamp now);
  /// The agent of an offer was told that the session knows nothing of it: should its group propose
  /// it yet, it is refused.
  void disavow(const offer_id& offer);
  bool has_disavowed(const offer_id& offer) const;
  /// An agent of `by` is offered it. Room that other groups keep for it is theirs to give
  /// meanwhile; none is kept for light ones.
  void offered(const group_id& by, int weight, session_effects& out) const;
  /// Back to its places; or on, where its time in this step ran out meanwhile.
  void offer_ended(const dispatch_state& d, session_phase phase, const roster& known, timestamp now,
                   session_effects& out);
  /// By an agent of `group`.
  void assigned(const group_id& group, session_effects& out);
  /// Nobody serves it any more.
  void server_gone() { told_position_ = false; }

  // ---- time

  struct timing {
    timestamp now;
    timestamp touched;  // when something happened in the session last: a router has `patience` from
                        // then on
    millis patience{0};
    bool watched = false;  // somebody is to be told its position, every so often
    millis position_every{0};
  };
  /// Its step is over, a router does not answer, or its position is to be asked for.
  void wake(session_phase phase, const dispatch_state& d, const timing& t, session_effects& out);
  std::optional<timestamp> deadline(const session_state& s, const timing& t) const;
  /// The groups are asked for its position from then on.
  void ask_position_from(timestamp t) { position_due_ = t; }

  // ---- a restart

  /// Takes up its places. An offer that was open is to be ended then, and `find_place_if_none`
  /// called.
  void resume(const dispatch_state& d, const roster& known, session_effects& out);
  void find_place_if_none(session_effects& out);

  const group_places& standing() const { return standing_; }

 private:
  void leave_but(leave_cause cause, const std::vector<group_id>& kept, session_effects& out);
  void next_step(int from, session_effects& out);
  void find_place(const dispatch_state& d, session_phase phase, const roster& known,
                  session_effects& out);
  bool follow_merger(const dispatch_state& d, session_phase phase, const roster& known,
                     session_effects& out);
  bool plan_again(session_effects& out);

  group_places standing_;
  agent_id prefers_;
  std::vector<offer_id> disavowed_;  // the newest few
  timestamp position_due_{};
  unsigned asked_ = 0;      // questions to the router that it has not answered
  unsigned overtaken_ = 0;  // the first so many of them
  bool replan_ = false;     // as soon as it waits
  bool told_position_ = false;
};

}  // namespace switchboard
