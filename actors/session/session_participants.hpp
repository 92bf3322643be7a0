#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/messages/edge_messages.hpp"
#include "actors/session/group_places.hpp"
#include "actors/session/roster.hpp"
#include "actors/session/session_effect.hpp"
#include "actors/session/session_transfer.hpp"
#include "actors/skill_group/queue_entry.hpp"

namespace switchboard {

/// The entry of a session that is served and looks for somebody to join; times are the session's
/// own.
queue_entry queue_entry_of(const session_state& s, const open_transfer& t);
/// What the agent who is offered the session, or is asked to join it, learns of the transfer under
/// way.
const open_transfer* transfer_of(const session_state& s);
/// A transfer asked for by that call would have this id and say this.
session_transfer::wish wish_of(const session_state& s, const session_call& call);

/// How others than its owner come into a session and leave it: calls that wait until a router or an
/// agent has answered, queues that look for somebody to join, who is asked. Who is there, and the
/// transfer itself, are the session's state and durable; what is here is lost with a restart. Most
/// sessions never have any of it. Functions named for events are called when those are recorded and
/// applied. Pure; not thread-safe.
class session_participants {
 public:
  struct situation {
    const session_state& s;
    const roster& known;
    session_transfer::limits limits;
    millis patience;  // with routers and agents
    timestamp now;
  };
  using permission = std::function<bool(const session_call&)>;

  // ---- calls that wait for somebody's word

  /// A router is asked for the way; whoever is named to come is asked for room then.
  void transfer(const situation& at, session_call call, request_key key, session_effects& out);
  /// The supervisor is asked for room.
  void take_over(const situation& at, session_call call, request_key key, session_effects& out);
  /// The router's answer; `refusal` not empty: there is no way, and which field is wrong.
  void routed(const situation& at, routing_plan plan, step_choice first, const std::string& refusal,
              const std::string& field, const permission& may, session_effects& out);
  /// The agent's answer; `refusal` empty: room is held under `offer` until it is released or used.
  void room_held(const situation& at, const offer_id& offer, const participant& agent,
                 const std::string& refusal, const permission& may, session_effects& out);
  /// Does a call wait?
  bool awaits_answer() const { return now_ && now_->call; }
  /// Is room being asked for under it?
  bool waits_for_room(const offer_id& offer) const;

  // ---- the search for somebody to join

  /// A group proposes an agent. Nothing where no search stands there.
  std::optional<result<session_machine::payloads>> propose(const situation& at,
                                                           const session_machine::proposal& p);
  /// What the agent says who is asked to join. Nothing where the offer is no such.
  static std::optional<result<session_machine::payloads>> answer(const situation& at,
                                                                 const offer_id& offer,
                                                                 const agent_id& agent,
                                                                 bool accepts,
                                                                 const std::string& reason);
  /// A group is closed for now, or removed: the search goes on where it was merged into, and is
  /// over where nobody is left.
  void group_gone(const situation& at, const group_id& group, bool removed, session_effects& out);
  void at_position(const group_id& group);

  void search_began(const event::transfer_started& x, const roster& known, session_effects& out);
  void search_ended(const session_state& s, session_effects& out);
  void join_offered(const event::join_offered& x, session_effects& out);
  void join_offer_ended(const event::join_offer_ended& x, const session_state& s,
                        session_effects& out);
  void joined(const event::joined& x, session_effects& out);
  /// Is there in no way any more.
  static void parted(const event::parted& x, session_effects& out);
  /// The session is over, and so is all of this. `guests`: who was there.
  void over(const std::vector<agent_id>& guests, session_effects& out);

  // ---- time, a restart

  std::optional<timestamp> deadline(const session_state& s, timestamp now, timestamp wall) const;
  void wake(const situation& at, timestamp wall, session_effects& out);
  /// Who was there is there, and holds the room already.
  static void resume_guests(const situation& at, session_effects& out);
  /// An open offer is over, the search goes on.
  void resume_search(const situation& at, session_effects& out);

 private:
  struct waiting_call {
    session_call call;
    request_key key;
    timestamp until;
    offer_id offer;  // room is asked for under this; empty: a router is asked
    routing_plan plan;
    step_choice first;
  };
  struct under_way {
    group_places standing;  // queues that look for somebody to join
    agent_id asked;         // to join
    offer_id asked_under;
    std::optional<waiting_call> call;
  };
  under_way& now_on();
  void tidy();
  waiting_call take_call();
  bool joins_the_call(const session_call& call, request_key key);
  void ask_for_room(const situation& at, waiting_call w, const agent_id& who, session_effects& out);
  void leave_queues(leave_cause cause, session_effects& out);
  void seek(session_effects& out) const;

  optional_ptr<under_way> now_;
  std::uint32_t rooms_asked_ = 0;
};

}  // namespace switchboard
