#pragma once

#include <string>
#include <vector>

#include "actors/access/rights.hpp"
#include "actors/session/request_identity.hpp"
#include "actors/session/session_cards.hpp"
#include "actors/session/session_event.hpp"
#include "runtime/hosting/outbox.hpp"

/// What connections send to actors: calls with the way their answers go. Outboxes never leave their
/// node: between nodes an adapter keeps them and forwards, so only the call id travels.
/// `describe_content` lists what a call asks for, without who asks: all of it is compared where a
/// call is repeated (docs/decisions/0015).
namespace switchboard {

template <class Inspector> typename Inspector::result_type inspect(Inspector& f, reply_to& x) {
  return f(x.msgid);
}

/// The hot path: one message into a session.
struct send_message {
  session_id session;
  participant from;
  message_content content;
  /// Of a product or order: what the center said of it. The body as it was sent is what the
  /// sender's key answers for.
  std::optional<stamped_card> card;
  codec::packed_value sent;
  account_role account = account_role::agent;  // counts where an agent speaks
  reply_to reply;
};
template <class V> void describe(V& v, send_message& x) {
  v("session", x.session);
  v("from", x.from);
  v("content", x.content);
  v("card", x.card);
  v("sent", x.sent);
  v("account", x.account);
}

/// Order is a part of what repeated calls are compared by, through restarts: append only.
// clang-format off
enum class session_method : std::uint8_t {
  recall, read, typing, close, rate, events, subscribe, unsubscribe, note, tag, transfer, transfer_cancel, transfer_complete,
  wrap_up, status, why, bump, move, claim, ask_center, card_clicked, card_bought, leave, remove, snooze, wake, monitor, whisper,
  barge, takeover,
  // May `by` send such a file (text: type, text2: kind, number: size), read an attachment (text: its id)? Canned replies
  // (text: words, number: how many) as they are said in this session.
  may_attach, may_read_attachment, canned,
  claim_message, release_message, dismiss_message, answer_message,
  // An agent's answer to an offer (text: its id, text2: reason), where it comes with an op_id: else it goes a shorter way.
  accept_offer, decline_offer
};
// clang-format on

/// Every other call on a session; which fields count depends on the method.
struct session_call {
  session_method method = session_method::read;
  session_id session;
  participant by;
  account_role account = account_role::agent;  // counts where an agent speaks
  std::string op_id;
  std::uint64_t number = 0;  // message_seq, score, after, until
  std::string text, text2;   // reason, comment, summary; disposition
  std::string summary;       // of a close
  std::vector<std::string> add, remove;
  codec::packed_value body;
  std::string to_group, to_agent, mode;  // mode: also a whisper's type
  bool by_rules = false;
  reply_to reply;
};
template <class V> void describe_content(V& v, session_call& x) {
  v("method", x.method);
  v("number", x.number);
  v("text", x.text);
  v("text2", x.text2);
  v("summary", x.summary);
  v("add", x.add);
  v("remove", x.remove);
  v("body", x.body);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
  v("mode", x.mode);
  v("by_rules", x.by_rules);
}
template <class V> void describe(V& v, session_call& x) {
  v("session", x.session);
  v("by", x.by);
  v("account", x.account);
  v("op_id", x.op_id);
  describe_content(v, x);
}

/// A consultation request, on its way to the session it opens or continues.
struct open_session {
  consultation_request request;
  reply_to reply;
  /// By what it is known if it is repeated; told by the directory it comes through.
  repeatable known_by{};
};
template <class V> void describe(V& v, open_session& x) {
  v("request", x.request);
  describe(v, x.known_by);
}

/// Append only, like session_method. `moved`: INTERNAL, all sessions have said whether they went.
enum class agent_method : std::uint8_t {
  set_state,
  snapshot,
  accept,
  decline,
  force_state,
  move_sessions,
  times,
  moved
};

struct agent_call {
  agent_method method = agent_method::snapshot;
  agent_id agent;
  std::string state, reason;
  offer_id offer;
  /// Who does it to the agent (force_state, move_sessions), and where the sessions go; neither
  /// group nor agent: by the rules.
  participant by;
  std::string to_group, to_agent;
  timestamp from{}, to{};  // of times
  reply_to reply;
  /// By what it is known if it is repeated; an answer to an offer carries its sender's own key on
  /// to the session.
  repeatable known_by{};
  std::string op_id{};
  codec::packed_value answer{};  // of moved
};
template <class V> void describe_content(V& v, agent_call& x) {
  v("method", x.method);
  v("state", x.state);
  v("reason", x.reason);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
}
template <class V> void describe(V& v, agent_call& x) {
  describe_content(v, x);
  v("agent", x.agent);
  v("offer", x.offer);
  v("by", x.by);
  v("from", x.from);
  v("to", x.to);
  v("op_id", x.op_id);
  v("answer", x.answer);
  describe(v, x.known_by);
}

enum class configuration_method : std::uint8_t {
  apply,
  check,
  diff,
  history,
  show,
  rollback,
  edit,
  switch_group,
  reload,
  order
};

/// What an order changes of the accounts and groups; all of it is one new version.
enum class configuration_order : std::uint8_t {
  account_create,
  account_update,
  account_disable,
  account_enable,
  account_password,
  account_token,
  group_create,
  group_update,
  group_merge,
  group_retire
};

/// What the owner of the configuration is asked; which fields count depends on the method.
struct configuration_call {
  configuration_method method = configuration_method::history;
  participant by;
  std::string text;  // a whole configuration (YAML), the new value of an edit, or an order's fields
                     // (YAML), hash
  std::string file;  // the name errors carry
  std::string comment;  // why
  std::string path;     // of an edit: "agents.lin.capacity"
  int version = 0;      // of show, rollback; 0: the active one
  int expected = 0;     // not 0: only if this version is still the active one
  bool reevaluate = false;
  std::string group;
  bool closed = false;
  std::uint64_t number = 0;  // limit
  configuration_order order = configuration_order::account_create;
  std::string id, into;  // of an order: the account or group, and where a group's work goes
  timestamp until{};     // of a new token: the old one is good till then
  reply_to reply;
  /// By what it is known if it is repeated.
  repeatable known_by{};
  /// Part of what a repetition is compared by: what the caller wants done with open connections.
  std::optional<bool> ends_connections{};
  /// Of a new token: sealed under the caller's op_id, kept with the answer. The owner cannot read
  /// it.
  std::string sealed{};
};
/// A new token's hash and its end are made anew each time the same is asked; `number` says how long
/// the old one is good.
template <class V> void describe_content(V& v, configuration_call& x) {
  v("method", x.method);
  if (x.order != configuration_order::account_token) v("text", x.text);
  v("file", x.file);
  v("comment", x.comment);
  v("path", x.path);
  v("version", x.version);
  v("expected", x.expected);
  v("reevaluate", x.reevaluate);
  v("group", x.group);
  v("closed", x.closed);
  v("number", x.number);
  v("order", x.order);
  v("id", x.id);
  v("into", x.into);
  v("ends_connections", x.ends_connections);
}
template <class V> void describe(V& v, configuration_call& x) {
  v("method", x.method);
  v("by", x.by);
  v("text", x.text);
  v("file", x.file);
  v("comment", x.comment);
  v("path", x.path);
  v("version", x.version);
  v("expected", x.expected);
  v("reevaluate", x.reevaluate);
  v("group", x.group);
  v("closed", x.closed);
  v("number", x.number);
  v("order", x.order);
  v("id", x.id);
  v("into", x.into);
  v("until", x.until);
  v("ends_connections", x.ends_connections);
  v("sealed", x.sealed);
  describe(v, x.known_by);
}

/// A connection of an agent came or went.
struct agent_connection {
  outbox_ptr out;
  bool attached = true;
};
template <class V> void describe(V& v, agent_connection& x) {
  v("attached", x.attached);
}

/// Append only, like session_method.
enum class customer_method : std::uint8_t {
  get,
  update,
  history,
  lead_create,
  lead_update,
  lead_list,
  changes,
  tag,
  block,
  unblock,
  merge,
  unmerge,
  suggestions,
  settle,
  mine,
  erase_sessions,
  erase
};

struct customer_call {
  customer_method method = customer_method::get;
  person_id person;
  participant by;
  std::string op_id;
  std::string lead;
  codec::packed_value fields;
  std::uint64_t number = 0;  // limit
  reply_to reply;
  std::string role;   // of the caller's account
  std::string other;  // the survivor, a suggestion's id
  std::string text;   // a block's reason, a page's cursor
  std::vector<std::string> add, remove;
  std::optional<timestamp> until;
  bool yes = false;  // a suggestion is accepted
  std::vector<session_id> sessions;
  /// Where the session of a new lead came from, as the state had it.
  std::string from_channel, sales_channel, campaign;
  /// A block goes through all who are shown as one: it comes from another of them, and these are
  /// still to be told.
  bool passed_on = false;
  std::vector<person_id> to_tell;
};
template <class V> void describe_content(V& v, customer_call& x) {
  v("method", x.method);
  v("lead", x.lead);
  v("fields", x.fields);
  v("other", x.other);
  v("text", x.text);
  v("add", x.add);
  v("remove", x.remove);
  v("until", x.until);
  v("yes", x.yes);
  v("sessions", x.sessions);
}
template <class V> void describe(V& v, customer_call& x) {
  v("person", x.person);
  v("by", x.by);
  v("op_id", x.op_id);
  v("number", x.number);
  v("role", x.role);
  describe_content(v, x);
  v("from_channel", x.from_channel);
  v("sales_channel", x.sales_channel);
  v("campaign", x.campaign);
  v("passed_on", x.passed_on);
  v("to_tell", x.to_tell);
}

/// What the house sells through: sales channels, campaigns, segments.
enum class catalog_method : std::uint8_t { put, remove, list };
struct catalog_call {
  catalog_method method = catalog_method::list;
  std::string kind;  // sales_channel, campaign, segment
  std::string id;
  participant by;
  codec::packed_value fields;
  bool fresh = false;  // put: it must not be there yet
  reply_to reply;
  /// By what it is known if it is repeated.
  repeatable known_by{};
};
template <class V> void describe_content(V& v, catalog_call& x) {
  v("method", x.method);
  v("kind", x.kind);
  v("id", x.id);
  v("fields", x.fields);
  v("fresh", x.fresh);
}
template <class V> void describe(V& v, catalog_call& x) {
  describe_content(v, x);
  v("by", x.by);
  describe(v, x.known_by);
}

}  // namespace switchboard
