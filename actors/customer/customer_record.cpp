#include "actors/customer/customer_record.hpp"

#include <algorithm>

namespace switchboard {
namespace {

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
      profile_value set{value, x.source, at};
      if (auto* own = find_field(r.profile, name))
        *own = value.empty() ? profile_value{} : std::move(set);
      else if (value.empty())
        r.profile.extra.erase(name);
      else
        r.profile.extra.insert_or_assign(name, std::move(set));
    }
  }
  void operator()(const customer_event::lead_created& x) const { r.leads.push_back(x.lead); }
  void operator()(const customer_event::lead_changed& x) const {
    auto lead = std::ranges::find(r.leads, x.lead.id, &sales_lead::id);
    if (lead != r.leads.end()) *lead = x.lead;
  }
  void operator()(const customer_event::change_answered& x) const {
    std::erase_if(r.answered, [&](auto& a) { return a.at + changes_remembered < at; });
    r.answered.push_back({x.key, x.content, at, x.answer});
  }
};

template <std::size_t I = 0>
bool unpack_kind(std::size_t index, const msgpack::object& o, customer_payload& out) {
  if constexpr (I < std::variant_size_v<customer_payload>) {
    if (I != index) return unpack_kind<I + 1>(index, o, out);
    codec::unpack_value(o, out.emplace<I>());
    return true;
  } else {
    return false;
  }
}

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

bool replay(customer_record& r, std::string_view events) {
  std::size_t offset = 0;
  try {
    while (offset < events.size()) {
      auto handle = msgpack::unpack(events.data(), events.size(), offset);
      auto& a = handle.get().via.array;
      if (handle.get().type != msgpack::type::ARRAY || a.size < 3) return false;
      customer_payload e;
      if (unpack_kind(a.ptr[0].as<std::size_t>() - 1, a.ptr[2], e))
        apply(r, e, from_unix_ms(a.ptr[1].as<std::int64_t>()));
      else
        ++r.seq;
    }
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

}  // namespace switchboard
