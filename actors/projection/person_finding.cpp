#include "actors/projection/person_finding.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "actors/projection/customer_reading.hpp"
#include "actors/projection/customer_search.hpp"
#include "actors/projection/state_keys.hpp"

namespace switchboard::projecting {
namespace {

struct key {
  const char* name;
  contact_kind kind;
  std::string value;
};

std::array<key, 4> keys_of(const std::string& channel, const channel_customer& who) {
  return {{{"id", contact_kind::identity, caller_key(channel, who.id)},
           {"union_id", contact_kind::union_id, who.union_id},
           {"phone", contact_kind::phone, contact_form(contact_kind::phone, who.phone)},
           {"email", contact_kind::email, contact_form(contact_kind::email, who.email)}}};
}

/// Whose key it is, and as whom each is shown.
struct owner {
  person_id person, shown;
};
std::vector<owner> owners_of(const store::state_view& view, const key& k) {
  std::vector<owner> out;
  if (k.value.empty()) return out;
  for (auto& p : find_persons(view, k.kind, k.value))
    out.push_back({p, read_shown(view, p).person});
  return out;
}

bool all_one(const std::vector<owner>& owners) {
  return std::ranges::all_of(owners, [&](auto& o) { return o.shown == owners.front().shown; });
}

/// Of those who have an identity: the one whom a member stands behind, else who had it first.
const owner& of_identity(const std::vector<owner>& owners) {
  auto member =
      std::ranges::find_if(owners, [](auto& o) { return o.person.value.starts_with("m:"); });
  return member == owners.end() ? owners.front() : *member;
}

}  // namespace

person_match find_person(const store::state_view& view, const std::string& channel,
                         const channel_customer& who, const std::string& member_id) {
  person_match m;
  person_id shown;
  bool open = member_id.empty();
  if (!open) {
    m.person = person_id{"m:" + member_id};
    shown = read_shown(view, m.person).person;
  }
  for (auto& k : keys_of(channel, who)) {
    auto owners = owners_of(view, k);
    if (owners.empty()) continue;
    if (open && k.kind == contact_kind::identity) {
      auto& chosen = of_identity(owners);
      m.person = chosen.person;
      shown = chosen.shown;
      open = false;
    } else if (open) {
      open = false;
      if (!all_one(owners)) {
        m.conflicts.push_back(std::string(k.name) + " belongs to several customers, " +
                              owners.front().shown.value + " and others");
        continue;
      }
      m.person = shown = owners.front().shown;
    }
    for (auto& o : owners) {
      if (o.shown != shown && !shown.empty())
        m.conflicts.push_back(std::string(k.name) + " belongs to another customer, " +
                              o.shown.value);
    }
  }
  if (m.person.empty()) m.person = person_id{"c:" + channel + ":" + who.id};
  return m;
}

std::vector<likeness> others_like(const store::state_view& view, const customer_record& r) {
  constexpr std::size_t most = 20;
  std::map<person_id, likeness> found;
  auto look = [&](const key& k) {
    for (auto& o : owners_of(view, k)) {
      if (o.shown == r.person || o.person == r.person) continue;
      auto& l = found[o.shown];
      if (std::ranges::find(l.by, k.name) == l.by.end()) l.by.emplace_back(k.name);
    }
  };
  for (auto& i : r.identities) {
    look({"id", contact_kind::identity, caller_key(i.channel, i.id)});
    look({"union_id", contact_kind::union_id, i.union_id});
  }
  for (auto kind : {contact_kind::phone, contact_kind::email}) {
    auto& value = kind == contact_kind::phone ? r.profile.phone.value : r.profile.email.value;
    look({kind == contact_kind::phone ? "phone" : "email", kind, contact_form(kind, value)});
  }
  std::vector<likeness> out;
  for (auto& [person, l] : found) {
    if (out.size() == most) break;
    l.customer_id = person.value;
    l.name = read_customer(view, person).profile.name.value;
    out.push_back(std::move(l));
  }
  return out;
}

}  // namespace switchboard::projecting
