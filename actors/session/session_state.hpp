#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/session/participant_state.hpp"
#include "actors/session/reception_state.hpp"
#include "actors/session/session_event.hpp"
#include "runtime/base/optional_ptr.hpp"
#include "runtime/codec/packed_when_idle.hpp"

namespace switchboard {

/// The life of a session. Part of the snapshot format: never renumbered.
enum class session_phase : std::uint8_t {
  identifying,
  waiting,
  offered,
  active,
  closed,
  abandoned,
  left_message
};
std::string_view to_string(session_phase p);
constexpr bool is_over(session_phase p) {
  return p >= session_phase::closed;
}

struct open_offer {
  offer_id offer;
  participant agent;
  group_id group;
  timestamp expires_at;
};
template <class V> void describe(V& v, open_offer& x) {
  v("offer_id", x.offer);
  v("agent", x.agent);
  v("group", x.group);
  v("expires_at", x.expires_at);
}

/// Who serves, and the group that accepted.
struct service {
  participant agent;
  group_id group;
  timestamp since;
};
template <class V> void describe(V& v, service& x) {
  v("agent", x.agent);
  v("group", x.group);
  v("since", x.since);
}

/// A product that stands before the customer, and what came of it.
struct shown_card {
  std::uint64_t message_seq = 0;
  std::string product_id;
  bool clicked = false;
  std::string order_id;  // bought
};
template <class V> void describe(V& v, shown_card& x) {
  v("message_seq", x.message_seq);
  v("product_id", x.product_id);
  v("clicked", x.clicked);
  v("order_id", x.order_id);
}

/// What dispatch needs while a session lives: dropped when it is over.
struct dispatch_state {
  consultation_request request;
  std::optional<findings> found;
  routing_plan plan;
  int step = 0;
  std::vector<group_id> groups;  // where it waits, or would go back to
  std::optional<timestamp> step_until;
  std::vector<agent_id> asked;  // declined, missed or lost it in this round
  std::string last_why;         // of the offer or assignment
  int bumped = 0;               // a shift leader's priority, which later plans keep; 0: none
};
template <class V> void describe(V& v, dispatch_state& x) {
  v("request", x.request);
  v("found", x.found);
  v("plan", x.plan);
  v("step", x.step);
  v("groups", x.groups);
  v("step_until", x.step_until);
  v("asked", x.asked);
  v("last_why", x.last_why);
  v("bumped", x.bumped);
}

/// A message that was left, until it is settled.
struct left_message {
  group_id group;
  participant claimed_by;
  timestamp claimed_at{};
  std::string outcome;  // empty while it is open
};
template <class V> void describe(V& v, left_message& x) {
  v("group", x.group);
  v("claimed_by", x.claimed_by);
  v("claimed_at", x.claimed_at);
  v("outcome", x.outcome);
}

/// Everything a session is, but for its transcript and its idempotency keys (those lie in the
/// transcript's envelopes).
struct session_state {
  session_id id;
  session_phase phase = session_phase::identifying;
  std::string channel, customer, customer_name, language;
  int weight = 1;
  std::uint64_t seq = 0, customer_prev = 0, agent_prev = 0;
  timestamp opened_at, phase_since;
  timestamp last_at{};  // the latest stamp: none that comes is earlier
  std::optional<timestamp> closed_at;
  std::optional<session_id> continues;
  person_id person;
  codec::packed_when_idle<dispatch_state> dispatch;
  std::unique_ptr<participant_state>
      participants;  // null while the owner is alone with the customer
  optional_ptr<open_offer> offer;
  std::optional<service> serving;
  std::unique_ptr<left_message> left;
  /// The last to have served, kept for the trail and for wrap-up.
  participant last_agent;
  group_id last_group;
  std::uint32_t offers = 0, messages = 0, transfers = 0;
  timestamp last_customer_at{}, last_agent_at{}, first_agent_at{};
  timestamp unanswered_since{};  // the first message that no agent has answered; none: the epoch
  std::uint32_t unread_by_agent = 0, unread_by_customer = 0;  // messages of the other side
  std::uint64_t read_by_customer = 0, read_by_agent = 0, closed_seq = 0;
  std::vector<std::uint64_t>
      recalled;  // seqs of messages taken back: their content is shown to nobody
  std::vector<std::string> tags;
  int rating = 0;
  std::string close_reason;
  /// The latest few; older ones are only counted.
  std::vector<shown_card> cards;
  std::unique_ptr<reception_state> reception;

  bool over() const { return is_over(phase); }
};
template <class V> void describe(V& v, session_state& x) {
  v("id", x.id);
  v("phase", x.phase);
  v("channel", x.channel);
  v("customer", x.customer);
  v("customer_name", x.customer_name);
  v("language", x.language);
  v("weight", x.weight);
  v("seq", x.seq);
  v("customer_prev", x.customer_prev);
  v("agent_prev", x.agent_prev);
  v("opened_at", x.opened_at);
  v("phase_since", x.phase_since);
  v("last_at", x.last_at);
  v("closed_at", x.closed_at);
  v("continues", x.continues);
  v("person", x.person);
  v("dispatch", x.dispatch);
  v("company", x.participants);
  v("offer", x.offer);
  v("serving", x.serving);
  v("left", x.left);
  v("last_agent", x.last_agent);
  v("last_group", x.last_group);
  v("offers", x.offers);
  v("messages", x.messages);
  v("transfers", x.transfers);
  v("last_customer_at", x.last_customer_at);
  v("last_agent_at", x.last_agent_at);
  v("first_agent_at", x.first_agent_at);
  v("unanswered_since", x.unanswered_since);
  v("unread_by_agent", x.unread_by_agent);
  v("unread_by_customer", x.unread_by_customer);
  v("read_by_customer", x.read_by_customer);
  v("read_by_agent", x.read_by_agent);
  v("closed_seq", x.closed_seq);
  v("recalled", x.recalled);
  v("tags", x.tags);
  v("rating", x.rating);
  v("close_reason", x.close_reason);
  v("cards", x.cards);
  v("reception", x.reception);
}

/// Gives `what` its place in the session: the next seq and the readers' prev. Does not change `s`.
session_event sequence(const session_state& s, session_payload what, timestamp now,
                       request_key key = {});

/// The only way a session changes, live and in recovery. Events of an unknown kind only move `seq`.
void apply(session_state& s, const session_event& e);

}  // namespace switchboard
