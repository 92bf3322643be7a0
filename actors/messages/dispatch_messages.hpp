#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/identification/findings.hpp"
#include "actors/messages/participant_messages.hpp"
#include "actors/reception/alert_list.hpp"
#include "actors/router/routing_plan.hpp"
#include "actors/session/session_machine.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/queue_entry.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/outbox.hpp"

/// What sessions, groups, agents, routers and identification say to each other. The sender of a
/// message is the actor that it concerns; nothing here names a process.
namespace switchboard {

template <class V> void describe(V& v, queue_entry& x) {
  v("session", x.session);
  v("opened_at", x.opened_at);
  v("priority", x.priority);
  v("need", x.need);
  v("sticky", x.sticky);
  v("sticky_until", x.sticky_until);
  v("asked", x.asked);
  v("owned", x.owned);
  v("handed_on_by", x.handed_on_by);
  v("rings", x.rings);
}
template <class V> void describe(V& v, agent_view& x) {
  v("id", x.id);
  v("rev", x.rev);
  v("status", x.status);
  v("capacity", x.capacity);
  v("used", x.used);
  v("skills", x.skills);
  v("last_assigned", x.last_assigned);
  v("online_since", x.online_since);
  v("assigned_today", x.assigned_today);
}

// ---- session ↔ identification, router

/// Find out who asks, and have a router plan for what is found: the session hears of both in one
/// `routed`.
struct identify {
  session_id session;
  consultation_request request;
  int weight = 1;
};
template <class V> void describe(V& v, identify& x) {
  v("session", x.session);
  v("request", x.request);
  v("weight", x.weight);
}

/// What came after identification's deadline and says more than the session was told.
struct identified_as {
  session_id session;
  findings found;
  bool late = false;
};
template <class V> void describe(V& v, identified_as& x) {
  v("session", x.session);
  v("found", x.found);
  v("late", x.late);
}

/// Asks for a plan: by the active rules, or by the version that made the plan before, now that more
/// is known. Identification asks in the session's name, so that the answer goes there.
struct route_request {
  session_id session;
  consultation_request request;
  findings found;
  int weight = 1;
  int rules_version = 0;  // 0: the active one
  bool first_heard =
      false;  // the session does not know the findings yet: they are part of the answer
};
template <class V> void describe(V& v, route_request& x) {
  v("session", x.session);
  v("request", x.request);
  v("found", x.found);
  v("weight", x.weight);
  v("rules_version", x.rules_version);
  v("first_heard", x.first_heard);
}

struct routed {
  session_id session;
  routing_plan plan;
  step_choice first;
  std::optional<findings> found;  // who asks, where the session is told so for the first time
};
template <class V> void describe(V& v, routed& x) {
  v("session", x.session);
  v("plan", x.plan);
  v("first", x.first);
  v("found", x.found);
}

/// Asks which step to enter from `from_step` on.
struct step_request {
  session_id session;
  consultation_request request;
  findings found;
  routing_plan plan;
  int from_step = 0;
  std::vector<group_id> standing;  // where it waits now: a widened step keeps those
};
template <class V> void describe(V& v, step_request& x) {
  v("session", x.session);
  v("request", x.request);
  v("found", x.found);
  v("plan", x.plan);
  v("from_step", x.from_step);
  v("standing", x.standing);
}

struct step_chosen {
  session_id session;
  step_choice choice;
};
template <class V> void describe(V& v, step_chosen& x) {
  v("session", x.session);
  v("choice", x.choice);
}

/// Asks for a plan that hands a session on, to a group, an agent, or by the rules.
struct transfer_request {
  session_id session;
  consultation_request request;
  findings found;
  int weight = 1;
  int priority = 0;
  std::string to_group, to_agent;
  bool by_rules = false;
  group_id from_group;
};
template <class V> void describe(V& v, transfer_request& x) {
  v("session", x.session);
  v("request", x.request);
  v("found", x.found);
  v("weight", x.weight);
  v("priority", x.priority);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
  v("by_rules", x.by_rules);
  v("from_group", x.from_group);
}

struct transfer_routed {
  session_id session;
  routing_plan plan;
  step_choice first;
  std::string refusal;  // not empty: not possible, and why
  std::string refused_field;
};
template <class V> void describe(V& v, transfer_routed& x) {
  v("session", x.session);
  v("plan", x.plan);
  v("first", x.first);
  v("refusal", x.refusal);
  v("refused_field", x.refused_field);
}

/// What rules may ask of a group (`queue("x")`), told to routers when it changes, at most every 100
/// ms.
struct group_report {
  group_id group;
  int waiting = 0, online = 0, available = 0;
  millis oldest{0};
  double service_level = 1.0;
  std::optional<time_estimate> eta;
  bool open = true;
};
template <class V> void describe(V& v, group_report& x) {
  v("group", x.group);
  v("waiting", x.waiting);
  v("online", x.online);
  v("available", x.available);
  v("oldest", x.oldest);
  v("service_level", x.service_level);
  v("eta", x.eta);
  v("open", x.open);
}

// ---- session ↔ group

/// Stand in this group's queue.
struct enter_queue {
  queue_entry what;
  /// After a restart: the waiter had its place before.
  bool recovered = false;
};
template <class V> void describe(V& v, enter_queue& x) {
  v("what", x.what);
  v("recovered", x.recovered);
}

/// `joined`: somebody of the group joined a session that another serves; no customer was waiting.
enum class leave_cause : std::uint8_t {
  accepted,
  accepted_elsewhere,
  moved_on,
  abandoned,
  closed,
  joined
};
struct leave_queue {
  session_id session;
  leave_cause cause = leave_cause::closed;
};
template <class V> void describe(V& v, leave_queue& x) {
  v("session", x.session);
  v("cause", x.cause);
}

/// The queue is full: the session moves on, or does what the group's configuration says.
struct queue_refused {
  session_id session;
  group_id group;
  std::string reason;
  config::when_full then = config::when_full::overflow;
};
template <class V> void describe(V& v, queue_refused& x) {
  v("session", x.session);
  v("group", x.group);
  v("reason", x.reason);
  v("then", x.then);
}

struct ask_position {
  session_id session;
};
template <class V> void describe(V& v, ask_position& x) {
  v("session", x.session);
}

struct position_is {
  session_id session;
  group_id group;
  int position = 0;
  std::optional<time_estimate> eta;
};
template <class V> void describe(V& v, position_is& x) {
  v("session", x.session);
  v("group", x.group);
  v("position", x.position);
  v("eta", x.eta);
}

/// An agent reserved room: will you have it? The second argument is the agent actor.
struct propose_agent {
  session_id session;
  session_machine::proposal what;
  reply_to claimed;          // of the agent who chose it: the session answers
  request_key claimed_by{};  // that call's
};
template <class V> void describe(V& v, propose_agent& x) {
  v("session", x.session);
  v("what", x.what);
  v("claimed_by", x.claimed_by);
}

/// The session's answer. Not taken: the session has told, or will tell, the group what became of
/// it.
struct proposal_answered {
  session_id session;
  offer_id offer;
  bool taken = false;
};
template <class V> void describe(V& v, proposal_answered& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("taken", x.taken);
}

/// An offer ended and the session waits on: back to its place, with who was asked.
struct return_to_queue {
  queue_entry what;
};
template <class V> void describe(V& v, return_to_queue& x) {
  v("what", x.what);
}

// ---- group ↔ agent

struct reserve_room {
  offer_id offer;
  session_id session;
  group_id group;
  int weight = 1;
  timestamp urgency;
};
template <class V> void describe(V& v, reserve_room& x) {
  v("offer", x.offer);
  v("session", x.session);
  v("group", x.group);
  v("weight", x.weight);
  v("urgency", x.urgency);
}

struct room_answer {
  offer_id offer;
  session_id session;
  std::string refusal;  // empty: granted
  agent_view view;
};
template <class V> void describe(V& v, room_answer& x) {
  v("offer", x.offer);
  v("session", x.session);
  v("refusal", x.refusal);
  v("view", x.view);
}

/// The session will not have it.
struct release_room {
  offer_id offer;
};
template <class V> void describe(V& v, release_room& x) {
  v("offer", x.offer);
}

/// An agent's news for its groups. `round` not 0: room was freed, answer with queue_head.
struct agent_available {
  agent_view view;
  std::uint64_t round = 0;
};
template <class V> void describe(V& v, agent_available& x) {
  v("view", x.view);
  v("round", x.round);
}

struct queue_head {
  std::uint64_t round = 0;
  group_id group;
  bool any = false;
  offer_id offer;
  session_id session;
  int weight = 1;
  timestamp urgency;
};
template <class V> void describe(V& v, queue_head& x) {
  v("round", x.round);
  v("group", x.group);
  v("any", x.any);
  v("offer", x.offer);
  v("session", x.session);
  v("weight", x.weight);
  v("urgency", x.urgency);
}

// ---- session ↔ agent

struct offer_made {
  session_id session;
  offer_id offer;
  group_id group;
  timestamp expires_at;
  findings found;
  std::string why;
  std::optional<offered_transfer> transfer;
};
template <class V> void describe(V& v, offer_made& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("group", x.group);
  v("expires_at", x.expires_at);
  v("found", x.found);
  v("why", x.why);
  v("transfer", x.transfer);
}

/// Asks the session what became of an offer; it tells the agent again, or that the offer is over.
struct offer_query {
  session_id session;
  offer_id offer;
};
template <class V> void describe(V& v, offer_query& x) {
  v("session", x.session);
  v("offer", x.offer);
}

struct offer_over {
  session_id session;
  offer_id offer;
  std::string cause;  // timeout, declined, withdrawn, disconnected, restart
  bool missed = false;
};
template <class V> void describe(V& v, offer_over& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("cause", x.cause);
  v("missed", x.missed);
}

/// The session recorded the agent as its server. `recovered`: told again after a restart.
struct service_began {
  session_id session;
  offer_id offer;
  group_id group;
  int weight = 1;
  timestamp since;
  bool recovered = false;
};
template <class V> void describe(V& v, service_began& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("group", x.group);
  v("weight", x.weight);
  v("since", x.since);
  v("recovered", x.recovered);
}

struct service_ended {
  session_id session;
  std::string cause;  // closed, transferred, left
  bool wrap_up = true;
  std::uint64_t seq = 0;  // of the last event that the agent was a part of
};
template <class V> void describe(V& v, service_ended& x) {
  v("session", x.session);
  v("cause", x.cause);
  v("wrap_up", x.wrap_up);
  v("seq", x.seq);
}

/// The connections of the serving agent, or of one who has joined, all of them, now.
struct agent_readers {
  agent_id agent;
  std::vector<outbox_ptr> readers;
};
template <class V> void describe(V& v, agent_readers& x) {
  v("agent", x.agent);
}

struct offer_answer {
  session_id session;
  offer_id offer;
  agent_id agent;
  bool accept = false;
  std::string reason;
  reply_to reply;
};
template <class V> void describe(V& v, offer_answer& x) {
  v("session", x.session);
  v("offer", x.offer);
  v("agent", x.agent);
  v("accept", x.accept);
  v("reason", x.reason);
}

/// The agent is gone for good (offline, grace over): find somebody else.
struct agent_lost {
  session_id session;
  agent_id agent;
  std::string reason;
};
template <class V> void describe(V& v, agent_lost& x) {
  v("session", x.session);
  v("agent", x.agent);
  v("reason", x.reason);
}

}  // namespace switchboard
