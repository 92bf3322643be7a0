#pragma once

#include <string>

#include "actors/session/participant.hpp"
#include "runtime/codec/described.hpp"

/// What sessions and agents say to each other of those who join a session beside its owner, and of
/// sessions put off.
namespace switchboard {

/// What an offer is about where the session comes from a colleague.
struct offered_transfer {
  transfer_id transfer;
  std::string mode;
  participant by;
  std::string note;
};
template <class V> void describe(V& v, offered_transfer& x) {
  v("transfer_id", x.transfer);
  v("mode", x.mode);
  v("by", x.by);
  v("note", x.note);
}

/// The session itself asks for room, for an agent named to join it, or for a supervisor who takes
/// it over (who need not be online for that, only there).
struct hold_room {
  session_id session;
  offer_id offer;
  group_id group;
  int weight = 1;
  bool takeover = false;
};
template <class V> void describe(V& v, hold_room& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("group", x.group);
  v("weight", x.weight);
  v("takeover", x.takeover);
}
struct room_held {
  session_id session;
  offer_id offer;
  agent_id agent;
  std::string name;
  std::string refusal;  // empty: held, until the session says what became of it
};
template <class V> void describe(V& v, room_held& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("agent", x.agent);
  v("name", x.name);
  v("refusal", x.refusal);
}

/// The agent has joined a session that another serves; weight 0 holds no room.
struct guest_began {
  session_id session;
  offer_id offer;
  std::string as;
  group_id group;
  int weight = 0;
  timestamp since;
};
template <class V> void describe(V& v, guest_began& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("as", x.as);
  v("group", x.group);
  v("weight", x.weight);
  v("since", x.since);
}
struct guest_ended {
  session_id session;
  std::string reason;
};
template <class V> void describe(V& v, guest_ended& x) {
  v("session", x.session);
  v("reason", x.reason);
}

/// The session is put off: it stays the agent's and gives back its room.
struct service_snoozed {
  session_id session;
  timestamp until;
};
template <class V> void describe(V& v, service_snoozed& x) {
  v("session", x.session);
  v("until", x.until);
}

}  // namespace switchboard
