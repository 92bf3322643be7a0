#pragma once

#include <string>
#include <vector>

#include "actors/messages/dispatch_messages.hpp"

/// What the owner of the configuration says to those it concerns, and what people ask of a contact
/// center that is running.
namespace switchboard {

/// The group has nobody waiting any more: it closed, or is no longer configured. The session looks
/// for another place.
struct queue_gone {
  session_id session;
  group_id group;
  std::string reason;
  /// The group is no more: the rules that hold now decide.
  bool removed = false;
};
template <class V> void describe(V& v, queue_gone& x) {
  v("session", x.session);
  v("group", x.group);
  v("reason", x.reason);
  v("removed", x.removed);
}

/// An agent wants this waiter. The group answers: it obeys the same clauses as the group's own
/// choice.
struct claim_waiter {
  session_id session;
  agent_id agent;
  reply_to reply;
  request_key key{};  // of the call, for the session that answers it
};
template <class V> void describe(V& v, claim_waiter& x) {
  v("session", x.session);
  v("agent", x.agent);
  v("key", x.key);
}

/// Every group named adds why this waiter is not served yet, hands on to the next, and the last one
/// answers.
struct explain_waiter {
  session_id session;
  std::vector<group_id> groups;  // still to ask; the receiver is the first
  std::string answer;            // the pairs of the answer's map so far, packed, and how many
  std::uint32_t pairs = 0;
  std::string queues;  // the groups' parts so far
  std::uint32_t queues_told = 0;
  reply_to reply;
};
template <class V> void describe(V& v, explain_waiter& x) {
  v("session", x.session);
  v("groups", x.groups);
  codec::binary_field answer{x.answer}, queues{x.queues};
  v("answer", answer);
  v("pairs", x.pairs);
  v("queues", queues);
  v("queues_told", x.queues_told);
}

// ---- the owner of the configuration

/// The configuration has a new version: look yours up. Who is not in it any more retires.
struct configuration_changed {
  int version = 0;
};
template <class V> void describe(V& v, configuration_changed& x) {
  v("version", x.version);
}

/// Waiting sessions take the rules that hold now.
struct reroute {
  std::string reason;
};
template <class V> void describe(V& v, reroute& x) {
  v("reason", x.reason);
}

/// Asks a session what a router would need to know of it; answered with dispatch_is.
struct ask_dispatch {
  std::uint64_t ticket = 0;
};
template <class V> void describe(V& v, ask_dispatch& x) {
  v("ticket", x.ticket);
}
struct dispatch_is {
  std::uint64_t ticket = 0;
  session_id session;
  bool waiting = false;  // else the rest is empty
  consultation_request request;
  findings found;
  int weight = 1;
  int rules_version = 0;
  std::string rule;
  int priority = 0;
  std::vector<group_id> groups;
};
template <class V> void describe(V& v, dispatch_is& x) {
  v("ticket", x.ticket);
  v("session", x.session);
  v("waiting", x.waiting);
  v("request", x.request);
  v("found", x.found);
  v("weight", x.weight);
  v("rules_version", x.rules_version);
  v("rule", x.rule);
  v("priority", x.priority);
  v("groups", x.groups);
}

/// An agent whose account is gone has nothing left to do; `record` is what to begin with should it
/// come back.
struct agent_retired {
  agent_id agent;
  std::string record;
};
template <class V> void describe(V& v, agent_retired& x) {
  codec::binary_field record{x.record};
  v("agent", x.agent);
  v("record", record);
}
/// A group that is no more has settled all its offers.
struct group_retired {
  group_id group;
};
template <class V> void describe(V& v, group_retired& x) {
  v("group", x.group);
}

}  // namespace switchboard
