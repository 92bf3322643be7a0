#include "actors/customer/customer_merging.hpp"

#include <algorithm>

#include "runtime/codec/params.hpp"

namespace switchboard::customer_machine {
namespace {

bool absorbed_already(const customer_record& r, const person_id& p) {
  return std::ranges::any_of(
      r.absorbed, [&](auto& a) { return a.person == p || std::ranges::count(a.persons, p) > 0; });
}

tl::unexpected<error> not_now(std::string why, const char* field) {
  return fail(errc::failed_precondition, std::string(field) + ": " + std::move(why), field);
}

/// What of the other's profile the survivor lacks.
std::map<std::string, profile_value> missing(const customer_record& survivor,
                                             const customer_record& other) {
  std::map<std::string, profile_value> out;
  auto have = fields_of(survivor.profile);
  for (auto& [name, value] : fields_of(other.profile)) {
    if (!have.contains(name)) out.emplace(name, *value);
  }
  return out;
}

}  // namespace

std::vector<person_id> shown_under(const customer_record& r) {
  std::vector<person_id> all{r.person};
  for (auto& a : r.absorbed) {
    all.push_back(a.person);
    all.insert(all.end(), a.persons.begin(), a.persons.end());
  }
  return all;
}

std::vector<std::string> members_of(const customer_record& r) {
  std::vector<std::string> all;
  auto add = [&](const std::string& id) {
    if (!id.empty() && std::ranges::count(all, id) == 0) all.push_back(id);
  };
  add(r.member_id);
  for (auto& a : r.absorbed) {
    add(a.member_id);
    for (auto& m : a.members) add(m);
  }
  return all;
}

result<void> may_merge(const customer_record& r, const person_id& survivor) {
  if (survivor == r.person)
    return fail(errc::invalid_argument, "into: a customer is not merged into itself", "into");
  if (r.merged_into && r.merged_into->survivor != survivor)
    return not_now("is merged into " + r.merged_into->survivor.value + " already", "customer_id");
  if (absorbed_already(r, survivor))
    return not_now(survivor.value + " is merged into this customer: undo that first", "into");
  if (r.blank())
    return fail(errc::not_found, "customer_id: there is no such customer", "customer_id");
  return {};
}

result<void> may_unmerge(const customer_record& r) {
  if (!r.merged_into) return not_now("is merged into nobody", "customer_id");
  return {};
}

result<payloads> decide_absorb(const customer_record& survivor, const customer_record& other,
                               const std::string& by, const limits& l) {
  if (survivor.merged_into)
    return not_now("is itself merged into " + survivor.merged_into->survivor.value, "into");
  if (survivor.blank()) return fail(errc::not_found, "into: there is no such customer", "into");
  auto known = std::ranges::find(survivor.absorbed, other.person, &absorbed_person::person);
  bool fresh = known == survivor.absorbed.end();
  auto persons = shown_under(other).size();
  if (fresh && shown_under(survivor).size() + persons > l.merged + 1) {
    return fail(errc::resource_exhausted,
                "into: at most " + std::to_string(l.merged) + " customers are merged into one",
                "into");
  }
  absorbed_person a;
  a.person = other.person;
  a.member_id = other.member_id;
  a.by = by;
  if (fresh) a.filled = missing(survivor, other);
  for (auto& t : other.tags) {
    if (std::ranges::find(survivor.tags, t.tag, &customer_tag::tag) == survivor.tags.end())
      a.tags.push_back(t.tag);
  }
  for (auto& lead : other.leads) {
    bool mine = std::ranges::find(survivor.leads, lead.id, &sales_lead::id) != survivor.leads.end();
    if (!mine) a.leads.push_back(lead);
  }
  if (survivor.leads.size() + a.leads.size() > l.leads) {
    return fail(errc::resource_exhausted,
                "into: a customer has at most " + std::to_string(l.leads) + " leads", "into");
  }
  for (auto& b : other.absorbed) {
    a.persons.push_back(b.person);
    a.persons.insert(a.persons.end(), b.persons.begin(), b.persons.end());
  }
  a.members = members_of(other);
  if (!fresh && a.leads.empty() && a.tags.empty() && known->persons == a.persons &&
      known->members == a.members)
    return payloads{};
  return payloads{customer_event::absorbed{std::move(a)}};
}

result<return_decision> decide_give_back(const customer_record& survivor, const person_id& other,
                                         const std::string& by) {
  if (survivor.merged_into)
    return not_now("the survivor is itself merged into " + survivor.merged_into->survivor.value +
                       ": undo that first",
                   "customer_id");
  return_decision d;
  auto it = std::ranges::find(survivor.absorbed, other, &absorbed_person::person);
  if (it == survivor.absorbed.end()) {
    // Given back before, and the other side did not hear it.
    auto before = std::ranges::find(survivor.given_back, other, &returned_person::person);
    if (before != survivor.given_back.end()) d.leads = before->leads;
    return d;
  }
  for (auto& lead : survivor.leads) {
    if (std::ranges::count(it->lead_ids, lead.id) > 0) d.leads.push_back(lead);
  }
  d.events.push_back(customer_event::given_back{{other, by, d.leads}});
  return d;
}

result<decision> decide_block(const customer_record& r, const participant& by, std::string reason,
                              std::optional<timestamp> until, timestamp now) {
  if (until && *until <= now)
    return fail(errc::invalid_argument, "until: lies in the past", "until");
  decision d{{}, codec::empty_map()};
  bool same = r.blocked && r.blocked->reason == reason && r.blocked->until == until;
  if (!same)
    d.events.push_back(
        customer_event::blocked{{std::move(reason), by.role + ':' + by.id, now, until}});
  return d;
}

result<decision> decide_unblock(const customer_record& r, const participant& by) {
  decision d{{}, codec::empty_map()};
  if (r.blocked) d.events.push_back(customer_event::unblocked{by.role + ':' + by.id});
  return d;
}

}  // namespace switchboard::customer_machine
