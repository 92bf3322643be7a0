#pragma once

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "actors/messages/customer_messages.hpp"
#include "actors/messages/dispatch_messages.hpp"
#include "actors/messages/edge_messages.hpp"
#include "actors/messages/hosting_messages.hpp"
#include "actors/messages/inspect_described.hpp"
#include "actors/messages/operations_messages.hpp"

/// Every actor's interface, read like a protocol table. Nothing here is a request with an answer in
/// CAF's sense: answers are messages of their own, so that a lost peer costs a deadline and never a
/// pending promise.
namespace switchboard {

// One message a line, as a table is read.
// clang-format off
/// A stretch of a transcript, from the state environment.
struct read_history {
  session_id session;
  std::uint64_t after = 0;
  std::uint64_t ticket = 0;
};
template <class V> void describe(V& v, read_history& x) { v("session", x.session); v("after", x.after); v("ticket", x.ticket); }
struct history_page {
  std::uint64_t ticket = 0;
  std::string events;         // session_codec's arrays, seq > after, in order
  std::uint64_t last = 0;     // of the last event here
  bool more = false;
};
template <class V> void describe(V& v, history_page& x) {
  codec::binary_field events{x.events};
  v("ticket", x.ticket);
  v("events", events);
  v("last", x.last);
  v("more", x.more);
}
/// Loads a session that is not in memory; answered with session_loaded.
struct load_session {
  session_id session;
};
template <class V> void describe(V& v, load_session& x) { v("session", x.session); }
struct session_loaded {
  session_id session;
  std::string snapshot;  // empty: there is none
};
template <class V> void describe(V& v, session_loaded& x) {
  codec::binary_field snapshot{x.snapshot};
  v("session", x.session);
  v("snapshot", snapshot);
}
/// A page of a person's trail, newest first, answered at the edge; `person` by session or id. `also`: who was merged into the
/// person. `extra`: packed lines that lie elsewhere (orders, leads).
struct trail_extra {
  timestamp at;
  std::string kind, id;
  codec::packed_value line;
};
template <class V> void describe(V& v, trail_extra& x) {
  v("at", x.at);
  v("kind", x.kind);
  v("id", x.id);
  v("line", x.line);
}
struct read_trail {
  person_id person;
  std::uint64_t limit = 20;
  reply_to reply;
  std::vector<person_id> also;
  std::vector<trail_extra> extra;
  std::string before;  // a cursor of an earlier page
  std::string trouble; // why orders are missing
};
template <class V> void describe(V& v, read_trail& x) {
  v("person", x.person);
  v("limit", x.limit);
  v("also", x.also);
  v("extra", x.extra);
  v("before", x.before);
  v("trouble", x.trouble);
}
/// A page of the messages left with these groups, oldest first in each; answered at the edge.
struct read_messages {
  std::vector<group_id> groups;
  std::string after;  // the cursor of the page before
  std::uint64_t limit = 50;
  reply_to reply;
};
template <class V> void describe(V& v, read_messages& x) {
  v("groups", x.groups);
  v("after", x.after);
  v("limit", x.limit);
}
/// A page of the history of a person's profile, newest first, answered at the edge.
struct read_changes {
  person_id person;
  std::uint64_t limit = 20;
  std::string before;
  reply_to reply;
};
template <class V> void describe(V& v, read_changes& x) {
  v("person", x.person);
  v("limit", x.limit);
  v("before", x.before);
}
/// Customers by name, telephone, mail address, tag: answered at the edge.
struct search_customers {
  std::string name, phone, email, tag, after;
  std::uint64_t limit = 20;
  reply_to reply;
};
template <class V> void describe(V& v, search_customers& x) {
  v("name", x.name);
  v("phone", x.phone);
  v("email", x.email);
  v("tag", x.tag);
  v("after", x.after);
  v("limit", x.limit);
}
using history_actor = caf::typed_actor<
    caf::reacts_to<read_messages>,
    caf::reacts_to<read_history>,
    caf::reacts_to<load_session>,
    caf::reacts_to<read_trail>,
    caf::reacts_to<read_changes>,
    caf::reacts_to<search_customers>,
    caf::reacts_to<status_request>>;

using session_actor = caf::typed_actor<
    // From its directory: the request that opens it, or one that continues it.
    caf::reacts_to<open_session>,
    // From connections: the hot path, and everything else.
    caf::reacts_to<send_message>,
    caf::reacts_to<session_call>,
    // From identification: what came late.
    caf::reacts_to<identified_as>,
    // From routers, asked by identification or by the session.
    caf::reacts_to<routed>,
    caf::reacts_to<step_chosen>,
    caf::reacts_to<transfer_routed>,
    // From groups; the agent actor comes along.
    caf::reacts_to<propose_agent, caf::strong_actor_ptr>,
    caf::reacts_to<queue_refused>,
    caf::reacts_to<queue_gone>,
    caf::reacts_to<position_is>,
    // From the owner of the configuration.
    caf::reacts_to<reroute>,
    caf::reacts_to<ask_dispatch>,
    // From agents.
    caf::reacts_to<offer_answer>,
    caf::reacts_to<offer_query>,
    caf::reacts_to<agent_readers>,
    caf::reacts_to<agent_lost>,
    caf::reacts_to<room_held>,
    // From the archive.
    caf::reacts_to<history_page>,
    // From the timers.
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

using agent_actor = caf::typed_actor<
    caf::reacts_to<agent_connection>,
    caf::reacts_to<agent_call>,
    // From groups. The sender is remembered as the group.
    caf::reacts_to<reserve_room>,
    caf::reacts_to<release_room>,
    caf::reacts_to<queue_head>,
    // From sessions.
    caf::reacts_to<offer_made>,
    caf::reacts_to<offer_over>,
    caf::reacts_to<service_began>,
    caf::reacts_to<service_ended>,
    // From the owner of the configuration.
    caf::reacts_to<configuration_changed>,
    caf::reacts_to<service_snoozed>,
    caf::reacts_to<hold_room>,
    caf::reacts_to<guest_began>,
    caf::reacts_to<guest_ended>,
    // From sessions: a customer waits for this agent, or for one of this leader's.
    caf::reacts_to<agent_alert>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

using group_actor = caf::typed_actor<
    // From sessions.
    caf::reacts_to<enter_queue>,
    caf::reacts_to<return_to_queue>,
    caf::reacts_to<leave_queue>,
    caf::reacts_to<ask_position>,
    caf::reacts_to<proposal_answered>,
    // From agents.
    caf::reacts_to<agent_available>,
    caf::reacts_to<room_answer>,
    caf::reacts_to<claim_waiter>,
    // From sessions, and from the group asked before.
    caf::reacts_to<explain_waiter>,
    // From the owner of the configuration.
    caf::reacts_to<configuration_changed>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

using router_actor = caf::typed_actor<
    caf::reacts_to<route_request>,
    caf::reacts_to<step_request>,
    caf::reacts_to<transfer_request>,
    caf::reacts_to<group_report>,
    caf::reacts_to<status_request>>;

/// The one owner of what administrators decide: versions of the configuration, and which groups are closed by hand.
using configuration_actor = caf::typed_actor<
    // From connections.
    caf::reacts_to<configuration_call>,
    // From sessions that were asked.
    caf::reacts_to<dispatch_is>,
    // From groups: conditions may ask for their figures.
    caf::reacts_to<group_report>,
    // From those it told that they are not configured any more.
    caf::reacts_to<agent_retired>,
    caf::reacts_to<group_retired>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

// ---- the units of identification, asked of the centers' adapters

struct member_query {
  std::uint64_t ticket = 0;
  std::string member_id, union_id, phone, email;
};
template <class V> void describe(V& v, member_query& x) {
  v("ticket", x.ticket);
  v("member_id", x.member_id);
  v("union_id", x.union_id);
  v("phone", x.phone);
  v("email", x.email);
}
struct member_answer {
  std::uint64_t ticket = 0;
  std::optional<member_finding> member;
  std::string trouble;  // why there is none, or what is odd about it ("phone and email name different members")
};
template <class V> void describe(V& v, member_answer& x) { v("ticket", x.ticket); v("member", x.member); v("trouble", x.trouble); }
struct tag_query {
  std::uint64_t ticket = 0;
  std::string member_id, channel, customer;
};
template <class V> void describe(V& v, tag_query& x) {
  v("ticket", x.ticket);
  v("member_id", x.member_id);
  v("channel", x.channel);
  v("customer", x.customer);
}
struct tag_answer {
  std::uint64_t ticket = 0;
  std::vector<std::string> tags;
  std::string trouble;
};
template <class V> void describe(V& v, tag_answer& x) { v("ticket", x.ticket); v("tags", x.tags); v("trouble", x.trouble); }
struct open_orders_query {
  std::uint64_t ticket = 0;
  std::string member_id;
};
template <class V> void describe(V& v, open_orders_query& x) { v("ticket", x.ticket); v("member_id", x.member_id); }
struct open_orders_answer {
  std::uint64_t ticket = 0;
  int count = 0;
  std::string trouble;
};
template <class V> void describe(V& v, open_orders_answer& x) { v("ticket", x.ticket); v("count", x.count); v("trouble", x.trouble); }
/// An agent's look into products and orders; answered at the edge. One that speaks of a session goes through it: the session
/// says who the customer is, and what has been shown already.
struct center_call {
  enum class method : std::uint8_t { product_search, product_recommend, order_list, order_get };
  method what = method::product_search;
  std::string member_id, text, id;
  std::vector<std::string> states, tags, shown;
  std::optional<timestamp> from, to;
  bool tags_known = false;
  /// Ask the service, whatever is kept.
  bool anew = false;
  std::uint64_t limit = 20;
  reply_to reply;
  std::optional<timestamp> before;  // orders created earlier than this
};
template <class V> void describe(V& v, center_call& x) {
  v("what", x.what);
  v("member_id", x.member_id);
  v("text", x.text);
  v("id", x.id);
  v("states", x.states);
  v("tags", x.tags);
  v("shown", x.shown);
  v("from", x.from);
  v("to", x.to);
  v("tags_known", x.tags_known);
  v("anew", x.anew);
  v("limit", x.limit);
  v("before", x.before);
}
/// What agents have shown, and what came of it, by agent; answered at the edge. No agent: all.
struct credit_call {
  std::string agent;
  timestamp from, to;
  reply_to reply;
};
template <class V> void describe(V& v, credit_call& x) { v("agent", x.agent); v("from", x.from); v("to", x.to); }
/// The orders of a member who was shown something, as the trade center has them.
struct member_orders {
  std::uint64_t round = 0;
  std::string member_id;
  codec::packed_value orders;  // [[order_id, created, [[product_id, quantity, price_hundredths]], currency]]
};
template <class V> void describe(V& v, member_orders& x) { v("round", x.round); v("member_id", x.member_id); v("orders", x.orders); }
/// Looks for what was bought of what was shown, and tells the sessions; counts it all.
using credit_actor = caf::typed_actor<
    caf::reacts_to<credit_call>,
    // INTERNAL: the trade center's answer.
    caf::reacts_to<member_orders>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;
/// One actor for each center, whatever it stands on; it owns that center's pool and breaker. Each answers what its center knows.
using center_actor = caf::typed_actor<
    caf::reacts_to<member_query>,
    caf::reacts_to<tag_query>,
    caf::reacts_to<open_orders_query>,
    caf::reacts_to<center_call>,
    // A product or order on its way into a session: checked, stamped with what the center knows, and passed on.
    caf::reacts_to<send_message>,
    caf::reacts_to<status_request>>;
struct center_handles {
  center_actor member, tag, product, trade;
};

using identification_actor = caf::typed_actor<
    caf::reacts_to<identify>,
    caf::reacts_to<member_answer>,
    caf::reacts_to<tag_answer>,
    caf::reacts_to<open_orders_answer>,
    caf::reacts_to<trail_answer>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

/// A session tells its directory that it is over.
struct session_over {
  session_id session;
  std::string channel, customer;
  agent_id last_agent;
  timestamp closed_at;
};
template <class V> void describe(V& v, session_over& x) {
  v("session", x.session);
  v("channel", x.channel);
  v("customer", x.customer);
  v("last_agent", x.last_agent);
  v("closed_at", x.closed_at);
}

using directory_actor = caf::typed_actor<
    caf::reacts_to<open_session>,
    // From connections, for a session that is not in memory.
    caf::reacts_to<session_call>,
    caf::reacts_to<send_message>,
    caf::reacts_to<session_loaded>,
    caf::reacts_to<session_over>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<status_request>>;

/// The answer of another actor to a call that this one made for a caller of its own (orders for a trail).
struct call_answered {
  std::uint64_t ticket = 0;
  std::string packed;
  std::string trouble;
};
template <class V> void describe(V& v, call_answered& x) {
  codec::binary_field packed{x.packed};
  v("ticket", x.ticket);
  v("packed", packed);
  v("trouble", x.trouble);
}
using customer_actor = caf::typed_actor<
    caf::reacts_to<trail_query, caf::strong_actor_ptr>,
    caf::reacts_to<trail_note>,
    caf::reacts_to<customer_call>,
    // From other persons, and from the miner.
    caf::reacts_to<customer_told>,
    // From the trade center.
    caf::reacts_to<call_answered>,
    caf::reacts_to<timer_fired>,
    caf::reacts_to<drain>,
    caf::reacts_to<status_request>>;

struct customer_idle {
  person_id person;
};
template <class V> void describe(V& v, customer_idle& x) { v("person", x.person); }
/// The directory of persons: wakes a customer actor and passes on what is for it.
using customer_directory_actor = caf::typed_actor<
    caf::reacts_to<trail_query>,
    caf::reacts_to<trail_note>,
    caf::reacts_to<customer_call>,
    caf::reacts_to<customer_told>,
    caf::reacts_to<customer_idle>,
    caf::reacts_to<status_request>>;

/// Reads a session that is projected and says what it tells about its customer; answered with customer_told.
struct mine_session {
  session_id session;
  person_id person;
  std::string by;
  reply_to reply;
  request_key key{};  // of the call, if somebody called
};
template <class V> void describe(V& v, mine_session& x) {
  v("session", x.session);
  v("person", x.person);
  v("by", x.by);
  v("key", x.key);
}
using miner_actor = caf::typed_actor<
    caf::reacts_to<mine_session>,
    caf::reacts_to<status_request>>;

/// The one owner of sales channels, campaigns and segments.
using catalog_actor = caf::typed_actor<
    caf::reacts_to<catalog_call>,
    caf::reacts_to<status_request>>;

// clang-format on

}  // namespace switchboard

#include "actors/messages/message_instances.hpp"
