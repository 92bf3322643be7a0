#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/customer/customer_profile.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// A change with an op_id, so that repeating it gives the same answer for 24 h.
struct answered_change {
  std::uint64_t key = 0, content = 0;
  timestamp at;
  codec::packed_value answer;
};
template <class V>
void describe(V& v, answered_change& x) {
  v("key", x.key);
  v("content", x.content);
  v("at", x.at);
  v("answer", x.answer);
}

/// What is durable of a person.
namespace customer_event {
struct identity_linked {
  customer_identity identity;
  std::string member_id;
};
template <class V>
void describe(V& v, identity_linked& x) {
  v("identity", x.identity);
  v("member_id", x.member_id);
}

/// Sets these fields; an empty value takes one away.
struct profile_changed {
  std::string source;
  std::map<std::string, std::string> fields;
};
template <class V>
void describe(V& v, profile_changed& x) {
  v("source", x.source);
  v("fields", x.fields);
}

struct lead_created {
  sales_lead lead;
};
template <class V>
void describe(V& v, lead_created& x) {
  v("lead", x.lead);
}

/// The lead as it is from now on.
struct lead_changed {
  sales_lead lead;
};
template <class V>
void describe(V& v, lead_changed& x) {
  v("lead", x.lead);
}

/// The change recorded beside it had this key.
struct change_answered {
  std::uint64_t key = 0, content = 0;
  codec::packed_value answer;
};
template <class V>
void describe(V& v, change_answered& x) {
  v("key", x.key);
  v("content", x.content);
  v("answer", x.answer);
}
}  // namespace customer_event

/// Order is the file format's kind number (index + 1): append only.
using customer_payload =
    std::variant<customer_event::identity_linked, customer_event::profile_changed,
                 customer_event::lead_created, customer_event::lead_changed,
                 customer_event::change_answered>;

struct customer_record {
  person_id person;
  std::string member_id;
  customer_profile profile;
  std::vector<customer_identity> identities;
  std::vector<sales_lead> leads;  // oldest first
  std::vector<answered_change> answered;
  std::uint64_t seq = 0;
};
template <class V>
void describe(V& v, customer_record& x) {
  v("person", x.person);
  v("member_id", x.member_id);
  v("profile", x.profile);
  v("identities", x.identities);
  v("leads", x.leads);
  v("answered", x.answered);
  v("seq", x.seq);
}

/// How long an op_id is remembered where there is no session (protocol).
inline constexpr millis changes_remembered{24 * 3'600'000};

void apply(customer_record& r, const customer_payload& e, timestamp at);
/// One record's events: arrays [kind, at, payload], one after the other.
void encode(const customer_payload& e, timestamp at, std::string& out);
/// Applies a record's events, but for kinds unknown here; false where the bytes are damaged.
bool replay(customer_record& r, std::string_view events);

}  // namespace switchboard
