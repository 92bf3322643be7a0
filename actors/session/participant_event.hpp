#pragma once

#include <optional>
#include <string>

#include "actors/router/routing_plan.hpp"
#include "actors/session/participant.hpp"

/// What happens in a session besides its owner's and customer's talk: who is asked to join, joins
/// and leaves, what a supervisor does, and when it is put off. docs/decisions/0008 says who owns
/// the session meanwhile.
namespace switchboard {

/// How somebody is in a session beside its owner. Part of the snapshot format: never renumbered.
enum class presence : std::uint8_t {
  conference = 0,  // an agent among others: heard by the customer, holds room
  warm = 1,        // joined, and will take over: heard by the customer, holds room
  consult = 2,     // asked by the owner: the customer does not know, holds room
  monitor = 3,     // a supervisor who only reads
  barge = 4,       // a supervisor who speaks to the customer
};
std::string_view to_string(presence p);
constexpr bool is_heard(presence p) {
  return p == presence::conference || p == presence::warm || p == presence::barge;
}
/// Agents hold the session's weight of their capacity; supervisors are not dispatched to and hold
/// none.
constexpr bool holds_room(presence p) {
  return p <= presence::consult;
}

namespace event {

/// The owner looks for somebody to join (modes warm, consult, conference); the owner stays the
/// owner. Agents only.
struct transfer_started {
  transfer_id transfer;
  participant by;
  std::string mode, to_group, to_agent;
  bool by_rules = false;
  std::string note;
  timestamp until;  // not accepted by then, it ends
  routing_plan plan;
  step_choice choice;
};
template <class V> void describe(V& v, transfer_started& x) {
  v("transfer_id", x.transfer);
  v("by", x.by);
  v("mode", x.mode);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
  v("by_rules", x.by_rules);
  v("note", x.note);
  v("until", x.until);
  v.hidden("plan", x.plan);
  v.hidden("choice", x.choice);
}

/// A transfer is over without its target serving: cancelled, timeout, closed (nobody is left to be
/// asked), owner_lost, left, replaced. Agents only.
struct transfer_ended {
  transfer_id transfer;
  std::string cause;
  participant by;
  agent_id returns_to;  // of a cold one: goes back to this agent first
};
template <class V> void describe(V& v, transfer_ended& x) {
  v("transfer_id", x.transfer);
  v("cause", x.cause);
  v("by", x.by);
  v("returns_to", x.returns_to);
}

/// An agent is asked to join. Agents only.
struct join_offered {
  transfer_id transfer;
  participant agent;
  group_id group;
  offer_id offer;
  timestamp expires_at;
  std::string why;
};
template <class V> void describe(V& v, join_offered& x) {
  v("transfer_id", x.transfer);
  v("agent", x.agent);
  v("group", x.group);
  v.hidden("offer_id", x.offer);
  v.hidden("expires_at", x.expires_at);
  v.hidden("why", x.why);
}

/// That offer ended without a join (store only).
struct join_offer_ended {
  offer_id offer;
  agent_id agent;
  std::string cause;
  bool exclude = true;
};
template <class V> void describe(V& v, join_offer_ended& x) {
  v.hidden("offer_id", x.offer);
  v.hidden("agent", x.agent);
  v.hidden("cause", x.cause);
  v.hidden("exclude", x.exclude);
}

/// Somebody is in the session beside its owner. Everyone sees who the customer may hear, agents the
/// rest.
struct joined {
  participant who;
  presence as = presence::conference;
  std::string how;  // the same in words, for readers
  group_id group;
  transfer_id transfer;
  std::optional<timestamp> until;  // warm and consult: the latest end
  offer_id offer;
};
template <class V> void describe(V& v, joined& x) {
  v("who", x.who);
  v("as", x.how);
  v("group", x.group);
  v("transfer_id", x.transfer);
  v("until", x.until);
  v.hidden("presence", x.as);
  v.hidden("offer_id", x.offer);
}

/// ... and has left; readers get it as `left`.
struct parted {
  participant who;
  presence as = presence::conference;
  std::string reason;
};
template <class V> void describe(V& v, parted& x) {
  v("who", x.who);
  v("reason", x.reason);
  v.hidden("presence", x.as);
}

/// Said among agents. Agents only.
struct whispered {
  std::uint64_t message_seq = 0;
  participant from;
  std::string type;
  codec::packed_value body;
  std::string client_msg_id;
};
template <class V> void describe(V& v, whispered& x) {
  v("message_seq", x.message_seq);
  v("from", x.from);
  v("type", x.type);
  v("body", x.body);
  v("client_msg_id", x.client_msg_id);
}

/// Put off until the customer writes or the time comes. Agents only.
struct snoozed {
  participant by;
  timestamp until;
  std::string reason;
};
template <class V> void describe(V& v, snoozed& x) {
  v("by", x.by);
  v("until", x.until);
  v("reason", x.reason);
}

/// ... which has happened: it waits again, for the same agent first. Agents only.
struct woken {
  std::string cause;  // customer, time, agent
  participant by;
};
template <class V> void describe(V& v, woken& x) {
  v("cause", x.cause);
  v("by", x.by);
}

}  // namespace event
}  // namespace switchboard
