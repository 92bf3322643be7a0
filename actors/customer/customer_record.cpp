#include "actors/customer/customer_record.hpp"

#include <algorithm>

#include "runtime/codec/event_list.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard {

customer_payload::customer_payload() = default;
customer_payload::customer_payload(const customer_payload&) = default;
customer_payload::customer_payload(customer_payload&&) noexcept = default;
customer_payload& customer_payload::operator=(const customer_payload&) = default;
customer_payload& customer_payload::operator=(customer_payload&&) noexcept = default;
customer_payload::~customer_payload() = default;

namespace {

constexpr std::size_t sources_heard = 8, returns_remembered = 16, settled_remembered = 100;

void set_field(customer_profile& p, const std::string& name, profile_value value) {
  if (auto* own = find_field(p, name))
    *own = value.empty() ? profile_value{} : std::move(value);
  else if (value.empty())
    p.extra.erase(name);
  else
    p.extra.insert_or_assign(name, std::move(value));
}

const profile_value* current_field(customer_profile& p, const std::string& name) {
  if (auto* own = find_field(p, name)) return own;
  auto it = p.extra.find(name);
  return it == p.extra.end() ? nullptr : &it->second;
}

struct applier {
  customer_record& r;
  timestamp at;

  void operator()(const customer_event::identity_linked& x) const {
    auto same = std::ranges::find_if(r.identities, [&](auto& i) {
      return i.channel == x.identity.channel && i.id == x.identity.id;
    });
    if (same == r.identities.end())
      r.identities.push_back(x.identity);
    else
      *same = x.identity;
    if (!x.member_id.empty()) r.member_id = x.member_id;
  }
  void operator()(const customer_event::profile_changed& x) const {
    for (auto& [name, value] : x.fields) {
      set_field(r.profile, name, {value, x.source, at});
      hear(name, {value, x.source, at});
    }
  }
  void operator()(const customer_event::profile_heard& x) const {
    for (auto& [name, value] : x.fields) hear(name, {value, x.source, at});
  }
  void operator()(const customer_event::lead_created& x) const { r.leads.push_back(x.lead); }
  void operator()(const customer_event::lead_changed& x) const {
    auto lead = std::ranges::find(r.leads, x.lead.id, &sales_lead::id);
    if (lead != r.leads.end()) *lead = x.lead;
  }
  void operator()(const customer_event::change_answered& x) const {
    keep_answer(r.answered, x, at);
  }
  void operator()(const customer_event::tagged& x) const {
    std::erase_if(r.tags, [&](auto& t) { return std::ranges::count(x.remove, t.tag) > 0; });
    for (auto& tag : x.add) {
      if (std::ranges::find(r.tags, tag, &customer_tag::tag) == r.tags.end())
        r.tags.push_back({tag, x.source, at});
    }
  }
  void operator()(const customer_event::blocked& x) const {
    r.blocked = x.mark;
    r.blocked->at = at;
  }
  void operator()(const customer_event::unblocked&) const { r.blocked.reset(); }
  void operator()(const customer_event::merged_away& x) const {
    r.merged_into = x.mark;
    r.merged_into->at = at;
  }
  void operator()(const customer_event::absorbed& x) const { absorb(x.brought); }
  void operator()(const customer_event::given_back& x) const {
    auto it = std::ranges::find(r.absorbed, x.to.person, &absorbed_person::person);
    if (it == r.absorbed.end()) return;
    std::erase_if(r.leads, [&](auto& l) { return std::ranges::count(it->lead_ids, l.id) > 0; });
    for (auto& [name, value] : it->filled) {
      auto* now = current_field(r.profile, name);
      if (now && *now == value) set_field(r.profile, name, {});
    }
    std::erase_if(r.tags, [&](auto& t) {
      return t.source == "merge:" + x.to.person.value && std::ranges::count(it->tags, t.tag) > 0;
    });
    r.absorbed.erase(it);
    r.given_back.push_back(x.to);
    if (r.given_back.size() > returns_remembered) r.given_back.erase(r.given_back.begin());
  }
  void operator()(const customer_event::came_back& x) const {
    r.merged_into.reset();
    r.leads = x.leads;
  }
  void operator()(const customer_event::suggested& x) const {
    r.suggestions.push_back(x.what);
    r.suggestions.back().at = at;
  }
  void operator()(const customer_event::suggestion_settled& x) const {
    std::erase_if(r.suggestions, [&](auto& s) { return s.id == x.id; });
    r.settled.push_back(x.id);
    if (r.settled.size() > settled_remembered) r.settled.erase(r.settled.begin());
  }
  void operator()(const customer_event::sessions_erased&) const {}
  void operator()(const customer_event::erased&) const {
    customer_record nothing;
    nothing.person = std::move(r.person);
    nothing.seq = r.seq;
    r = std::move(nothing);
  }
  void operator()(const customer_event::forgot& x) const {
    std::erase_if(r.given_back, [&](auto& g) { return g.person == x.person; });
  }

 private:
  /// Of each source the newest word. What agrees with the profile needs no keeping unless somebody
  /// else said otherwise.
  void hear(const std::string& name, profile_value said) const {
    auto& all = r.heard[name];
    std::erase_if(all, [&](auto& v) { return v.source == said.source; });
    if (!said.empty()) all.push_back(std::move(said));
    if (all.size() > sources_heard) all.erase(all.begin());
    if (all.empty()) r.heard.erase(name);
  }

  void absorb(absorbed_person brought) const {
    for (auto& [name, value] : brought.filled) set_field(r.profile, name, value);
    for (auto& lead : brought.leads) {
      brought.lead_ids.push_back(lead.id);
      r.leads.push_back(lead);
    }
    for (auto& tag : brought.tags) r.tags.push_back({tag, "merge:" + brought.person.value, at});
    brought.leads.clear();
    std::erase_if(r.given_back, [&](auto& g) { return g.person == brought.person; });
    auto it = std::ranges::find(r.absorbed, brought.person, &absorbed_person::person);
    if (it == r.absorbed.end()) {
      brought.at = at;
      r.absorbed.push_back(std::move(brought));
      return;
    }
    it->lead_ids.insert(it->lead_ids.end(), brought.lead_ids.begin(), brought.lead_ids.end());
    it->tags.insert(it->tags.end(), brought.tags.begin(), brought.tags.end());
    it->filled.merge(brought.filled);
    it->persons = std::move(brought.persons);
    it->members = std::move(brought.members);
  }
};

}  // namespace

profile_value* find_field(customer_profile& p, std::string_view name) {
  if (name == "name") return &p.name;
  if (name == "phone") return &p.phone;
  if (name == "email") return &p.email;
  if (name == "gender") return &p.gender;
  if (name == "birthday") return &p.birthday;
  if (name == "company") return &p.company;
  if (name == "address") return &p.address;
  if (name == "language") return &p.language;
  if (name == "remark") return &p.remark;
  return nullptr;
}

std::map<std::string, const profile_value*> fields_of(const customer_profile& p) {
  std::map<std::string, const profile_value*> out;
  for (auto name : {"name", "phone", "email", "gender", "birthday", "company", "address",
                    "language", "remark"}) {
    auto* value = find_field(const_cast<customer_profile&>(p), name);
    if (!value->empty()) out.emplace(name, value);
  }
  for (auto& [name, value] : p.extra) out.emplace(name, &value);
  return out;
}

bool customer_record::blank() const {
  return member_id.empty() && fields_of(profile).empty() && identities.empty() && leads.empty() &&
         answered.empty() && heard.empty() && tags.empty() && !blocked && !merged_into &&
         absorbed.empty() && given_back.empty() && suggestions.empty() && settled.empty();
}

void apply(customer_record& r, const customer_payload& e, timestamp at) {
  ++r.seq;
  std::visit(applier{r, at}, e);
}

void encode(const customer_payload& e, timestamp at, std::string& out) {
  codec::packer p;
  p.array(3).uinteger(e.index() + 1).time(at);
  std::visit([&](auto& x) { codec::pack_value(p, x, codec::audience::store); }, e);
  out.append(p.view());
}

bool replay(customer_record& r, std::string_view events, const event_witness& witness) {
  return codec::for_each_listed(events, true, [&](const codec::listed_event& listed) {
    customer_payload e;
    const auto read = codec::unpack_kind<customer_payload::kinds>(listed.kind, listed.payload, e);
    if (read == codec::kind_read::unknown) ++r.seq;
    if (read != codec::kind_read::sound) return read == codec::kind_read::unknown;
    if (witness) witness(r, e, listed.at);
    apply(r, e, listed.at);
    return true;
  });
}

namespace {

/// A kind nobody will ever have: readers step over it and count it.
void pack_emptied(codec::packer& p, timestamp at) {
  constexpr std::uint64_t nothing_left = 255;
  p.array(3).uinteger(nothing_left).time(at).map(0);
}

/// Whom a merge's event names.
struct named_in_merge {
  std::vector<person_id> operator()(const customer_event::merged_away& x) const {
    return {x.mark.survivor};
  }
  std::vector<person_id> operator()(const customer_event::absorbed& x) const {
    auto all = x.brought.persons;
    all.push_back(x.brought.person);
    return all;
  }
  std::vector<person_id> operator()(const customer_event::given_back& x) const {
    return {x.to.person};
  }
  std::vector<person_id> operator()(const customer_event::forgot& x) const { return {x.person}; }
  std::vector<person_id> operator()(const auto&) const { return {}; }
};

}  // namespace

std::string emptied(std::string_view events) {
  codec::packer p;
  codec::for_each_listed(events, true, [&](const codec::listed_event& e) {
    pack_emptied(p, e.at);
    return true;
  });
  return p.take();
}

std::optional<std::string> without_merges_of(std::string_view events,
                                             const std::set<std::string>& persons) {
  codec::packer p;
  bool any = false;
  const auto names_one_of = [&](const codec::listed_event& listed) {
    customer_payload e;
    if (codec::unpack_kind<customer_payload::kinds>(listed.kind, listed.payload, e) !=
        codec::kind_read::sound) {
      return false;
    }
    const auto names = std::visit(named_in_merge{}, static_cast<customer_payload::kinds&>(e));
    return std::ranges::any_of(names, [&](auto& n) { return persons.contains(n.value); });
  };
  const bool whole = codec::for_each_listed(events, true, [&](const codec::listed_event& listed) {
    const bool named = names_one_of(listed);
    any = any || named;
    if (named)
      pack_emptied(p, listed.at);
    else
      p.array(3).uinteger(listed.kind).time(listed.at).raw(listed.payload);
    return true;
  });
  if (!any || !whole) return {};
  return p.take();
}

}  // namespace switchboard
