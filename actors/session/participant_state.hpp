#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/access/rights.hpp"
#include "actors/session/session_event.hpp"

/// Who is in a session besides its owner, and what is under way with them. Most sessions never have
/// any of it: a session's state holds it behind one pointer, which is null again when all of it is
/// over.
namespace switchboard {

struct session_state;

/// Somebody who has joined.
struct party {
  participant who;
  presence as = presence::conference;
  group_id group;
  timestamp since;
};
template <class V> void describe(V& v, party& x) {
  v("who", x.who);
  v("as", x.as);
  v("group", x.group);
  v("since", x.since);
}

/// An agent is asked to join.
struct join_offer {
  offer_id offer;
  participant agent;
  group_id group;
  timestamp expires_at;
  std::string why;
};
template <class V> void describe(V& v, join_offer& x) {
  v("offer", x.offer);
  v("agent", x.agent);
  v("group", x.group);
  v("expires_at", x.expires_at);
  v("why", x.why);
}

/// A transfer under way: cold from its `transferred` to the next `assigned`, the others from their
/// start until they are completed or end. `joined` names who has joined warm or for a consult.
struct open_transfer {
  transfer_id id;
  std::string mode;
  participant by;
  std::string to_agent, note;
  timestamp since, until;
  routing_plan plan;             // of those who look for somebody to join; empty for cold
  std::vector<group_id> groups;  // where it stands meanwhile
  std::vector<agent_id> asked;   // declined, missed or lost it
  std::optional<join_offer> offer;
  agent_id joined;

  /// Looks for somebody to join, while the owner stays.
  bool seeks() const { return mode != "cold" && joined.empty(); }
};
template <class V> void describe(V& v, open_transfer& x) {
  v("id", x.id);
  v("mode", x.mode);
  v("by", x.by);
  v("to_agent", x.to_agent);
  v("note", x.note);
  v("since", x.since);
  v("until", x.until);
  v("plan", x.plan);
  v("groups", x.groups);
  v("asked", x.asked);
  v("offer", x.offer);
  v("joined", x.joined);
}

struct participant_state {
  std::vector<party> parties;
  std::optional<open_transfer> transfer;
  std::optional<timestamp> snoozed_until;
  /// A session that came back (recalled, out of time, woken) is taken by this agent without being
  /// asked.
  agent_id returns_to;

  bool empty() const {
    return parties.empty() && !transfer && !snoozed_until && returns_to.empty();
  }
};
template <class V> void describe(V& v, participant_state& x) {
  v("parties", x.parties);
  v("transfer", x.transfer);
  v("snoozed_until", x.snoozed_until);
  v("returns_to", x.returns_to);
}

namespace participants {

/// Null where there is nobody of that id.
const party* find(const session_state& s, std::string_view id);
bool is_snoozed(const session_state& s);
/// The transfer that looks for somebody to join, or null.
const open_transfer* seeking(const session_state& s);
/// What ties an account to this session, but for the teams it leads.
ties ties_of(const session_state& s, std::string_view account);
/// When something of it ends by itself (I6).
std::optional<timestamp> next_deadline(const session_state& s);

/// What each event means for the participants; the rest of the state is session_state.cpp's.
void apply(session_state& s, const session_event& e);

}  // namespace participants
}  // namespace switchboard
