#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/session/session_event.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// A value of the profile, with who said so and when: "channel:app", "agent:a7".
struct profile_value {
  std::string value, source;
  timestamp at{};

  bool empty() const { return value.empty(); }
  bool operator==(const profile_value&) const = default;
};
template <class V> void describe(V& v, profile_value& x) { v("value", x.value); v("source", x.source); v("at", x.at); }

struct customer_profile {
  profile_value name, phone, email, gender, birthday, company, address, language, remark;
  /// What the company keeps beyond that, by its own names.
  std::map<std::string, profile_value> extra;
};
template <class V> void describe(V& v, customer_profile& x) {
  v("name", x.name);
  v("phone", x.phone);
  v("email", x.email);
  v("gender", x.gender);
  v("birthday", x.birthday);
  v("company", x.company);
  v("address", x.address);
  v("language", x.language);
  v("remark", x.remark);
  v("extra", x.extra);
}
/// The profile's own field of that name, or null: then it is an extra one.
profile_value* find_field(customer_profile& p, std::string_view name);

/// What the person is called on one channel. Verified: a member stands behind it.
struct customer_identity {
  std::string channel, id, union_id;
  bool verified = false;
  timestamp since;
};
template <class V> void describe(V& v, customer_identity& x) {
  v("channel", x.channel);
  v("id", x.id);
  v("union_id", x.union_id);
  v("verified", x.verified);
  v("since", x.since);
}

/// A possible sale found in a conversation. `value` in the currency's smallest unit.
struct sales_lead {
  std::string id, title, stage, currency, owner, channel, note;
  std::int64_t value = 0;
  session_id session;
  timestamp created_at, changed_at;
};
template <class V> void describe(V& v, sales_lead& x) {
  v("lead_id", x.id);
  v("title", x.title);
  v("stage", x.stage);
  v("currency", x.currency);
  v("owner", x.owner);
  v("channel", x.channel);
  v("note", x.note);
  v("value", x.value);
  v("session_id", x.session);
  v("created_at", x.created_at);
  v("changed_at", x.changed_at);
}

/// A change with an op_id, so that repeating it gives the same answer for 24 h.
struct answered_change {
  std::uint64_t key = 0, content = 0;
  timestamp at;
  codec::packed_value answer;
};
template <class V> void describe(V& v, answered_change& x) {
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
template <class V> void describe(V& v, identity_linked& x) { v("identity", x.identity); v("member_id", x.member_id); }

/// Sets these fields; an empty value takes one away.
struct profile_changed {
  std::string source;
  std::map<std::string, std::string> fields;
};
template <class V> void describe(V& v, profile_changed& x) { v("source", x.source); v("fields", x.fields); }

struct lead_created {
  sales_lead lead;
};
template <class V> void describe(V& v, lead_created& x) { v("lead", x.lead); }

/// The lead as it is from now on.
struct lead_changed {
  sales_lead lead;
};
template <class V> void describe(V& v, lead_changed& x) { v("lead", x.lead); }

/// The change recorded beside it had this key.
struct change_answered {
  std::uint64_t key = 0, content = 0;
  codec::packed_value answer;
};
template <class V> void describe(V& v, change_answered& x) { v("key", x.key); v("content", x.content); v("answer", x.answer); }
}  // namespace customer_event

/// Order is the file format's kind number (index + 1): append only.
using customer_payload = std::variant<customer_event::identity_linked, customer_event::profile_changed, customer_event::lead_created,
                                      customer_event::lead_changed, customer_event::change_answered>;

struct customer_record {
  person_id person;
  std::string member_id;
  customer_profile profile;
  std::vector<customer_identity> identities;
  std::vector<sales_lead> leads;  // oldest first
  std::vector<answered_change> answered;
  std::uint64_t seq = 0;
};
template <class V> void describe(V& v, customer_record& x) {
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
