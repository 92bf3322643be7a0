#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/customer/customer_profile.hpp"
#include "runtime/codec/described.hpp"

/// What ties a person to others and to the house: tags, a block, merges, suggestions. Values only.
namespace switchboard {

struct customer_tag {
  std::string tag, source;
  timestamp at{};
};
template <class V> void describe(V& v, customer_tag& x) {
  v("tag", x.tag);
  v("source", x.source);
  v("at", x.at);
}

/// Opens are refused while it lasts; without `until`, until somebody lifts it.
struct block_mark {
  std::string reason, by;
  timestamp at{};
  std::optional<timestamp> until;
};
template <class V> void describe(V& v, block_mark& x) {
  v("reason", x.reason);
  v("by", x.by);
  v("at", x.at);
  v("until", x.until);
}

/// The person is shown as `survivor` from now on.
struct merge_mark {
  person_id survivor;
  std::string by;
  timestamp at{};
};
template <class V> void describe(V& v, merge_mark& x) {
  v("survivor", x.survivor);
  v("by", x.by);
  v("at", x.at);
}

/// What a survivor took over from a person, so that it can be given back. `filled`: values that
/// went into empty fields of the profile. `persons` and `members`: whom that person had absorbed
/// before.
struct absorbed_person {
  person_id person;
  std::string member_id, by;
  timestamp at{};
  std::map<std::string, profile_value> filled;
  std::vector<std::string> tags;
  std::vector<sales_lead> leads;
  std::vector<std::string> lead_ids;
  std::vector<person_id> persons;
  std::vector<std::string> members;
};
template <class V> void describe(V& v, absorbed_person& x) {
  v("person", x.person);
  v("member_id", x.member_id);
  v("by", x.by);
  v("at", x.at);
  v("filled", x.filled);
  v("tags", x.tags);
  v("leads", x.leads);
  v("lead_ids", x.lead_ids);
  v("persons", x.persons);
  v("members", x.members);
}

struct returned_person {
  person_id person;
  std::string by;
  std::vector<sales_lead> leads;
};
template <class V> void describe(V& v, returned_person& x) {
  v("person", x.person);
  v("by", x.by);
  v("leads", x.leads);
}

/// What mining thinks of the person, and why. `kind` is field, tag or lead; `fields` holds the
/// value
/// ({field: value}, {tag: ...}, the lead's fields).
struct suggestion {
  std::string id, kind, rule, reason;
  std::map<std::string, std::string> fields;
  session_id session;
  timestamp at{};
  bool automatic = false;
};
template <class V> void describe(V& v, suggestion& x) {
  v("id", x.id);
  v("kind", x.kind);
  v("rule", x.rule);
  v("reason", x.reason);
  v("fields", x.fields);
  v("session_id", x.session);
  v("at", x.at);
  v("automatic", x.automatic);
}

}  // namespace switchboard
