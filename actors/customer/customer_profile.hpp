#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/codec/described.hpp"

/// What is kept of a person: values, without behaviour.
namespace switchboard {

/// A value of the profile, with who said so and when: "channel:app", "agent:a7".
struct profile_value {
  std::string value, source;
  timestamp at{};

  bool empty() const { return value.empty(); }
  bool operator==(const profile_value&) const = default;
};
template <class V> void describe(V& v, profile_value& x) {
  v("value", x.value);
  v("source", x.source);
  v("at", x.at);
}

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

/// Every field that has a value, by name: the profile's own and the extra ones.
std::map<std::string, const profile_value*> fields_of(const customer_profile& p);

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
  /// Where it came from, as the session was attributed, unless somebody said otherwise.
  std::string sales_channel, campaign;
  std::string next_step;
  std::optional<timestamp> next_at;
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
  v("sales_channel", x.sales_channel);
  v("campaign", x.campaign);
  v("next_step", x.next_step);
  v("next_at", x.next_at);
}

}  // namespace switchboard
