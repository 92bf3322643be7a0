#include "actors/read_model/projection/person_finding.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard::projecting {
namespace {

struct key {
  const char* name;
  contact_kind kind;
  std::string value;
};
using caller_keys = std::array<key, 4>;

caller_keys keys_of(const std::string& channel, const channel_customer& who) {
  return {{{"id", contact_kind::identity, caller_key(channel, who.id)},
           {"union_id", contact_kind::union_id, contact_form(contact_kind::union_id, who.union_id)},
           {"phone", contact_kind::phone, contact_form(contact_kind::phone, who.phone)},
           {"email", contact_kind::email, contact_form(contact_kind::email, who.email)}}};
}

std::vector<std::string> claimed_as(const caller_keys& keys) {
  std::vector<std::string> out;
  for (auto& k : keys) out.push_back(contact_prefix(k.kind, k.value));
  return out;
}

/// Whose key it is, and as whom each is shown.
struct owner {
  person_id person, shown;
};

/// What is known of keys and persons: the state, and beside it what it does not know yet.
struct knowledge {
  const store::state_view& view;
  const identity_claims* claims = nullptr;
  const identity_claims::picture* recent = nullptr;  // of the caller's keys, by their place

  person_id shown(const person_id& person) const {
    if (!recent || !recent->merges) return read_shown(view, person).person;
    constexpr int longest_chain = 16;
    auto id = person;
    for (int i = 0; i < longest_chain; ++i) {
      auto as = claims->shown_as(id);
      if (!as) {
        auto merged = read_customer(view, id).merged_into;
        as = merged ? std::move(merged->survivor) : id;
      }
      if (*as == id) break;
      id = std::move(*as);
    }
    return id;
  }
  std::vector<owner> owners(const key& k, std::size_t place = 0) const {
    std::vector<owner> out;
    if (k.value.empty()) return out;
    auto persons = find_persons(view, k.kind, k.value);
    if (recent) {
      for (auto& h : recent->of[place]) {
        std::erase(persons, h.person);
        if (!h.gone) persons.push_back(h.person);
      }
    }
    for (auto& p : persons) out.push_back({p, shown(p)});
    return out;
  }
};

bool all_one(const std::vector<owner>& owners) {
  return std::ranges::all_of(owners, [&](auto& o) { return o.shown == owners.front().shown; });
}

/// Of those who have an identity: the one whom a member stands behind, else who had it first.
const owner& of_identity(const std::vector<owner>& owners) {
  auto member =
      std::ranges::find_if(owners, [](auto& o) { return o.person.value.starts_with("m:"); });
  return member == owners.end() ? owners.front() : *member;
}

struct match {
  person_match found;
  std::vector<std::size_t> free;  // keys nobody has
};

match find(const knowledge& all, const caller_keys& keys, const std::string& channel,
           const channel_customer& who, const std::string& member_id) {
  match out;
  auto& m = out.found;
  person_id shown;
  bool open = member_id.empty();
  if (!open) {
    m.person = person_id{"m:" + member_id};
    shown = all.shown(m.person);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& k = keys[i];
    auto owners = all.owners(k, i);
    if (owners.empty()) {
      if (!k.value.empty()) out.free.push_back(i);
      continue;
    }
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
  return out;
}

/// Looks until nothing has changed meanwhile; each time but the last somebody else has got on.
/// `decide` makes a match of what is known.
template <class Decide>
person_match look_and_claim(const store::state& state, identity_claims& claims,
                            const caller_keys& keys, timestamp now, Decide decide) {
  const auto asked = claimed_as(keys);
  for (;;) {
    const auto state_at = state.projected();  // before the view, which is of then or later
    const auto view = state.view();
    const auto seen = claims.look(asked);
    match m = decide(knowledge{*view, &claims, &seen});
    if (claims.claim(asked, seen, m.free, m.found.person, state_at, now)) return std::move(m.found);
  }
}

}  // namespace

person_match find_person(const store::state_view& view, const std::string& channel,
                         const channel_customer& who, const std::string& member_id) {
  return find({view}, keys_of(channel, who), channel, who, member_id).found;
}

person_match find_person(const store::state& state, identity_claims& claims,
                         const std::string& channel, const channel_customer& who,
                         const std::string& member_id) {
  const auto keys = keys_of(channel, who);
  return look_and_claim(state, claims, keys, {}, [&](const knowledge& all) {
    return match{find(all, keys, channel, who, member_id).found, {}};
  });
}

person_match claim_person(const store::state& state, identity_claims& claims,
                          const std::string& channel, const channel_customer& who,
                          const std::string& member_id, timestamp now) {
  const auto keys = keys_of(channel, who);
  return look_and_claim(state, claims, keys, now, [&](const knowledge& all) {
    return find(all, keys, channel, who, member_id);
  });
}

void claim_for(const store::state& state, identity_claims& claims, const std::string& channel,
               const channel_customer& who, const person_id& person, timestamp now) {
  const auto keys = keys_of(channel, who);
  look_and_claim(state, claims, keys, now, [&](const knowledge& all) {
    match m{{person, {}}, {}};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!keys[i].value.empty() && all.owners(keys[i], i).empty()) m.free.push_back(i);
    }
    return m;
  });
}

identity_claims::keys identity_keys(const std::string& channel, const channel_customer& who) {
  return claimed_as(keys_of(channel, who));
}

identity_claims::keys identity_keys(const customer_record& r) {
  identity_claims::keys all;
  auto add = [&](contact_kind kind, const std::string& value) {
    if (auto key = contact_prefix(kind, value); !key.empty()) all.push_back(std::move(key));
  };
  for (auto& i : r.identities) {
    add(contact_kind::identity, caller_key(i.channel, i.id));
    add(contact_kind::union_id, contact_form(contact_kind::union_id, i.union_id));
  }
  for (auto kind : {contact_kind::phone, contact_kind::email}) {
    auto& value = kind == contact_kind::phone ? r.profile.phone.value : r.profile.email.value;
    add(kind, contact_form(kind, value));
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

std::vector<likeness> others_like(const store::state_view& view, const customer_record& r) {
  constexpr std::size_t most = 20;
  std::map<person_id, likeness> found;
  auto look = [&](const key& k) {
    for (auto& o : knowledge{view}.owners(k)) {
      if (o.shown == r.person || o.person == r.person) continue;
      auto& l = found[o.shown];
      if (std::ranges::find(l.by, k.name) == l.by.end()) l.by.emplace_back(k.name);
    }
  };
  for (auto& i : r.identities) {
    look({"id", contact_kind::identity, caller_key(i.channel, i.id)});
    look({"union_id", contact_kind::union_id, contact_form(contact_kind::union_id, i.union_id)});
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
