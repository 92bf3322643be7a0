#pragma once

#include <string>

#include "actors/customer/trail_entry.hpp"
#include "actors/identification/findings.hpp"
#include "actors/session/request_key.hpp"
#include "runtime/hosting/outbox.hpp"

/// What persons are asked and told, by sessions, identification and each other.
namespace switchboard {

/// What the customer's trail says; answered with trail_answer.
struct trail_query {
  std::uint64_t ticket = 0;
  person_id person;
  session_id session;  // for whom: it is not part of its own past
  /// What the request shows of the person, who takes note of it before it answers; without an id:
  /// nothing.
  std::string channel;
  channel_customer seen_as;
  std::string member_id, member_name;
  codec::packed_value member_attributes;
};
template <class V> void describe(V& v, trail_query& x) {
  v("ticket", x.ticket);
  v("person", x.person);
  v("session", x.session);
  v("channel", x.channel);
  v("seen_as", x.seen_as);
  v("member_id", x.member_id);
  v("member_name", x.member_name);
  v("member_attributes", x.member_attributes);
}

struct trail_answer {
  std::uint64_t ticket = 0;
  trail_finding trail;
};
template <class V> void describe(V& v, trail_answer& x) {
  v("ticket", x.ticket);
  v("trail", x.trail);
}

/// What persons tell each other when two become one, or two again.
struct customer_told {
  enum class step : std::uint8_t { absorb, absorbed, give_back, come_back, mined };
  step what = step::absorb;
  person_id person;  // who is told
  person_id from;
  std::string by;
  codec::packed_value content;  // by step: a customer_record, leads, suggestions
  std::uint64_t seq = 0;        // of the record told
  reply_to reply;
  request_key key{};  // of the call all this answers
};
template <class V> void describe(V& v, customer_told& x) {
  v("what", x.what);
  v("person", x.person);
  v("from", x.from);
  v("by", x.by);
  v("content", x.content);
  v("seq", x.seq);
  v("key", x.key);
}

}  // namespace switchboard
