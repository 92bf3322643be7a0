#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/identification/findings.hpp"
#include "actors/router/routing_plan.hpp"
#include "actors/session/consultation_request.hpp"
#include "actors/session/decision_note.hpp"
#include "actors/session/participant.hpp"
#include "actors/session/participant_event.hpp"
#include "actors/session/request_key.hpp"
#include "actors/session/time_estimate.hpp"
#include "runtime/codec/described.hpp"

/// What can happen to a session, in the past tense. Fields named by `hidden` stay in the store; the
/// rest is what a reader gets under the event's type name.
namespace switchboard {

namespace event {

/// The session began. Its request says by whom and why.
struct opened {
  std::string channel;
  channel_customer customer;
  std::string entry, intent, subject;
  std::optional<session_id> continues;  // the session this one goes on from
  consultation_request request;         // whole, without its message
  int weight = 1;
  std::string language;
};
template <class V> void describe(V& v, opened& x) {
  v("channel", x.channel);
  v("customer", x.customer);
  v("entry", x.entry);
  v("intent", x.intent);
  v("subject", x.subject);
  v("continues", x.continues);
  v.hidden("request", x.request);
  v.hidden("weight", x.weight);
  v.hidden("language", x.language);
}

/// The customer asked again while the session lived.
struct requested {
  std::string request_id;
  std::string entry, intent, subject;
};
template <class V> void describe(V& v, requested& x) {
  v("request_id", x.request_id);
  v("entry", x.entry);
  v("intent", x.intent);
  v("subject", x.subject);
}

struct identified {
  std::optional<member_finding> member;
  std::vector<std::string> degraded;
  findings found;
  bool late = false;
};
template <class V> void describe(V& v, identified& x) {
  v("member", x.member);
  v("degraded", x.degraded);
  v.hidden("found", x.found);
  v.hidden("late", x.late);
}

/// A router's plan was taken up (store only).
struct planned {
  routing_plan plan;
};
template <class V> void describe(V& v, planned& x) {
  v.hidden("plan", x.plan);
}

/// A step was entered: the session waits in these groups; readers see the first.
struct queued {
  group_id group;
  std::optional<int> position;
  std::optional<time_estimate> eta;
  step_choice choice;
  std::optional<timestamp> until;  // the step's end
  std::vector<agent_id> asked;     // not to be asked in this round: who has just handed it on
};
template <class V> void describe(V& v, queued& x) {
  v("group", x.group);
  v("position", x.position);
  v("eta", x.eta);
  v.hidden("choice", x.choice);
  v.hidden("until", x.until);
  v.hidden("asked", x.asked);
}

struct offered {
  participant agent;
  group_id group;
  offer_id offer;
  timestamp expires_at;
  std::string why;
  decision_note decision;
};
template <class V> void describe(V& v, offered& x) {
  v("agent", x.agent);
  v("group", x.group);
  v.hidden("offer_id", x.offer);
  v.hidden("expires_at", x.expires_at);
  v.hidden("why", x.why);
  v.hidden("decision", x.decision);
}

/// An offer ended without an assignment (store only): declined, timeout, disconnected, withdrawn,
/// restart.
struct offer_ended {
  offer_id offer;
  agent_id agent;
  std::string cause;
  bool exclude = true;  // the agent is not asked again in this round
};
template <class V> void describe(V& v, offer_ended& x) {
  v.hidden("offer_id", x.offer);
  v.hidden("agent", x.agent);
  v.hidden("cause", x.cause);
  v.hidden("exclude", x.exclude);
}

/// The memory of who was asked is cleared (store only): every eligible agent has had a turn.
struct round_restarted {};
template <class V> void describe(V&, round_restarted&) {}

struct assigned {
  participant agent;
  group_id group;
  offer_id offer;
  std::string why;
  decision_note decision;
};
template <class V> void describe(V& v, assigned& x) {
  v("agent", x.agent);
  v("group", x.group);
  v.hidden("offer_id", x.offer);
  v.hidden("why", x.why);
  v.hidden("decision", x.decision);
}

struct message {
  std::uint64_t message_seq = 0;
  participant from;
  std::string type;
  codec::packed_value body;
  std::string client_msg_id;
  std::string moment;  // of an automatic one: welcome, queue, closing ...
};
template <class V> void describe(V& v, message& x) {
  v("message_seq", x.message_seq);
  v("from", x.from);
  v("type", x.type);
  v("body", x.body);
  v("client_msg_id", x.client_msg_id);
  v("moment", x.moment);
}

/// `read_by`: who had read the message when it was taken back.
struct recalled {
  std::uint64_t message_seq = 0;
  participant by;
  std::vector<participant> read_by;
  std::string attachment;  // whose content goes with it
};
template <class V> void describe(V& v, recalled& x) {
  v("message_seq", x.message_seq);
  v("by", x.by);
  v("read_by", x.read_by);
  v.hidden("attachment", x.attachment);
}

/// `left`: how many messages of the other side are still unread; none where it is not written.
struct read {
  std::uint64_t message_seq = 0;
  participant by;
  std::optional<std::uint32_t> left;
};
template <class V> void describe(V& v, read& x) {
  v("message_seq", x.message_seq);
  v("by", x.by);
  v("left", x.left);
}

/// The session goes to somebody else. Handed on cold it waits with its old age; where the new owner
/// is there already (warm, consult, conference, takeover) `assigned` follows in the same record.
struct transferred {
  transfer_id transfer;
  participant by;
  std::string mode;
  std::string to_group, to_agent;
  bool by_rules = false;
  std::string note;
  std::optional<timestamp> until;  // not accepted by then, it goes back
};
template <class V> void describe(V& v, transferred& x) {
  v("transfer_id", x.transfer);
  v("by", x.by);
  v("mode", x.mode);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
  v("by_rules", x.by_rules);
  v.hidden("note", x.note);
  v.hidden("until", x.until);
}

struct left {
  participant who;
  std::string reason;
};
template <class V> void describe(V& v, left& x) {
  v("who", x.who);
  v("reason", x.reason);
}

/// Agents only.
struct note {
  participant from;
  codec::packed_value body;
};
template <class V> void describe(V& v, note& x) {
  v("from", x.from);
  v("body", x.body);
}

/// Agents only.
struct tagged {
  participant by;
  std::vector<std::string> add, remove;
};
template <class V> void describe(V& v, tagged& x) {
  v("by", x.by);
  v("add", x.add);
  v("remove", x.remove);
}

struct rated {
  int score = 0;
  std::string comment;
};
template <class V> void describe(V& v, rated& x) {
  v("score", x.score);
  v("comment", x.comment);
}

/// Agents only.
struct wrapped_up {
  participant by;
  std::string summary, disposition;
};
template <class V> void describe(V& v, wrapped_up& x) {
  v("by", x.by);
  v("summary", x.summary);
  v("disposition", x.disposition);
}

/// The end. `outcome` is closed, abandoned or left_message.
struct closed {
  std::string reason;
  participant by;
  std::string outcome = "closed";
};
template <class V> void describe(V& v, closed& x) {
  v("reason", x.reason);
  v("by", x.by);
  v("outcome", x.outcome);
}

/// A shift leader put it before others (store only: what a customer sees is the new position).
struct bumped {
  int priority = 0;
  participant by;
  std::string reason;
};
template <class V> void describe(V& v, bumped& x) {
  v.hidden("priority", x.priority);
  v.hidden("by", x.by);
  v.hidden("reason", x.reason);
}

/// A product was put before the customer (store only): what it was then, by whom, and who the
/// customer is.
struct card_shown {
  std::uint64_t message_seq = 0;
  std::string product_id, name, currency;
  std::int64_t price_hundredths = 0;
  participant by;
  std::string member_id;
};
template <class V> void describe(V& v, card_shown& x) {
  v.hidden("message_seq", x.message_seq);
  v.hidden("product_id", x.product_id);
  v.hidden("name", x.name);
  v.hidden("currency", x.currency);
  v.hidden("price_hundredths", x.price_hundredths);
  v.hidden("by", x.by);
  v.hidden("member_id", x.member_id);
}

/// Agents only: the customer looked at it.
struct card_clicked {
  std::uint64_t message_seq = 0;
  std::string product_id;
};
template <class V> void describe(V& v, card_clicked& x) {
  v("message_seq", x.message_seq);
  v("product_id", x.product_id);
}

/// Agents only: the customer bought it, as the trade center has it.
struct card_bought {
  std::uint64_t message_seq = 0;
  std::string product_id, order_id, currency;
  int quantity = 1;
  std::int64_t amount_hundredths = 0;
  timestamp ordered_at;
};
template <class V> void describe(V& v, card_bought& x) {
  v("message_seq", x.message_seq);
  v("product_id", x.product_id);
  v("order_id", x.order_id);
  v("currency", x.currency);
  v("quantity", x.quantity);
  v("amount_hundredths", x.amount_hundredths);
  v("ordered_at", x.ordered_at);
}

/// Agents only. Somebody was told that the customer waits (unanswered, waiting), or the customer
/// was told of the silence (idle_warning, long_silence). `to`: the agents told.
struct alert {
  std::string what, level;
  std::uint32_t times = 1, unread = 0;
  timestamp since;
  std::vector<agent_id> to;
};
template <class V> void describe(V& v, alert& x) {
  v("what", x.what);
  v("level", x.level);
  v("times", x.times);
  v("unread", x.unread);
  v("since", x.since);
  v("to", x.to);
}

/// Agents only. Sensitive words: what was done (block, mask, flag) about which message, by which
/// lists. A blocked one was never a message. The words themselves stay in the store.
struct filtered {
  participant from;
  std::string action;
  std::optional<std::uint64_t> message_seq;
  std::vector<std::string> lists, words;
};
template <class V> void describe(V& v, filtered& x) {
  v("from", x.from);
  v("action", x.action);
  v("message_seq", x.message_seq);
  v("lists", x.lists);
  v.hidden("words", x.words);
}

/// The customer was asked to rate the service.
struct rating_requested {
  std::string text;
  bool reminder = false;
};
template <class V> void describe(V& v, rating_requested& x) {
  v("text", x.text);
  v("reminder", x.reminder);
}

/// Nobody was there: what the customer wrote, and still writes, is work for this group later (store
/// only).
struct message_left {
  group_id group;
  std::string channel, customer, customer_name, language, subject;
};
template <class V> void describe(V& v, message_left& x) {
  v.hidden("group", x.group);
  v.hidden("channel", x.channel);
  v.hidden("customer", x.customer);
  v.hidden("customer_name", x.customer_name);
  v.hidden("language", x.language);
  v.hidden("subject", x.subject);
}

/// Agents only. Somebody takes on a message that was left.
struct message_claimed {
  participant by;
};
template <class V> void describe(V& v, message_claimed& x) {
  v("by", x.by);
}

/// Agents only. And gives it back.
struct message_released {
  participant by;
  std::string reason;
};
template <class V> void describe(V& v, message_released& x) {
  v("by", x.by);
  v("reason", x.reason);
}

/// Agents only. It is done with: answered, or dismissed with a reason.
struct message_settled {
  participant by;
  std::string outcome;  // answered, dismissed
  std::string reason;
};
template <class V> void describe(V& v, message_settled& x) {
  v("by", x.by);
  v("outcome", x.outcome);
  v("reason", x.reason);
}

/// A call with a key came that changed nothing: its answer is kept all the same (store only).
struct answered {};
template <class V> void describe(V&, answered&) {}

}  // namespace event

/// Order is the file format's kind number (index + 1): append only.
using session_payload_kinds =
    std::variant<event::opened, event::requested, event::identified, event::planned, event::queued,
                 event::offered, event::offer_ended, event::round_restarted, event::assigned,
                 event::message, event::recalled, event::read, event::transferred, event::left,
                 event::note, event::tagged, event::rated, event::wrapped_up, event::closed,
                 event::bumped, event::card_shown, event::card_clicked, event::card_bought,
                 event::transfer_started, event::transfer_ended, event::join_offered,
                 event::join_offer_ended, event::joined, event::parted, event::whispered,
                 event::snoozed, event::woken, event::alert, event::filtered,
                 event::rating_requested, event::message_left, event::message_claimed,
                 event::message_released, event::message_settled, event::answered>;

/// What happened, one of the kinds. A class of its own so that copying and destroying forty kinds
/// is compiled once, not wherever an event passes by.
class session_payload : public session_payload_kinds {
 public:
  using kinds = session_payload_kinds;
  using kinds::kinds;
  using kinds::operator=;
  session_payload();
  session_payload(const session_payload&);
  session_payload(session_payload&&) noexcept;
  session_payload& operator=(const session_payload&);
  session_payload& operator=(session_payload&&) noexcept;
  ~session_payload();
};

/// Who may see an event.
enum class visibility : std::uint8_t { everyone = 0, agents = 1, nobody = 2 };
visibility visibility_of(const session_payload& p);
/// The wire's `type`; empty for those nobody sees.
std::string_view type_name(const session_payload& p);

struct session_event {
  std::uint64_t seq = 0;
  timestamp at;
  /// The last earlier seq that customers, or agents, may see: a reader's `prev`.
  std::uint64_t customer_prev = 0, agent_prev = 0;
  request_key key;
  session_payload what;
  /// With a key: what was answered, packed, so that a repetition is answered the same. Empty: {seq,
  /// at} of this event.
  std::string answer{};
};

enum class reader : std::uint8_t { customer, agent };
constexpr bool may_see(reader r, visibility v) {
  return v == visibility::everyone || (v == visibility::agents && r == reader::agent);
}

}  // namespace switchboard
