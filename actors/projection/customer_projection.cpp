#include "actors/projection/customer_projection.hpp"

#include <algorithm>
#include <stdexcept>

#include "actors/projection/customer_reading.hpp"
#include "actors/projection/state_keys.hpp"

namespace switchboard {
namespace {

namespace table = projecting::table;
using projecting::contact_kind;

/// The keys under which the person is found by a contact, sorted.
std::vector<std::string> contacts_of(const customer_record& r) {
  std::vector<std::string> keys;
  auto add = [&](contact_kind kind, const std::string& value) {
    auto key = projecting::contact_key(kind, value, r.person);
    if (!key.empty()) keys.push_back(std::move(key));
  };
  add(contact_kind::phone, r.profile.phone.value);
  add(contact_kind::email, r.profile.email.value);
  for (auto& i : r.identities) add(contact_kind::union_id, i.union_id);
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

}  // namespace

std::vector<std::string> customer_projection::tables() const {
  return {std::string(table::customers), std::string(table::contacts), std::string(table::leads)};
}

void customer_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (r.body.kind != store::entity_kind::customer) return;
  auto [it, fresh] = touched_.try_emplace(r.body.key);
  auto& t = it->second;
  if (fresh) {
    person_id person{r.body.key};
    auto packed = before.find(table::customers, projecting::person_key(person));
    if (packed && !codec::unpack(*packed, t.record))
      throw std::runtime_error("the record of a customer cannot be read");
    t.record.person = std::move(person);
    if (packed) t.contacts_before = contacts_of(t.record);
  }
  if (!replay(t.record, r.body.events)) {
    throw std::runtime_error("journal record " + std::to_string(r.at) +
                             " is no list of a customer's events");
  }
}

void customer_projection::flush(store::state_batch& batch) {
  std::map<std::string, std::string> leads;
  for (auto& [id, t] : touched_) {
    batch.put(table::customers, projecting::person_key(t.record.person), codec::pack(t.record));
    for (auto& lead : t.record.leads)
      leads[lead.id] = codec::pack(projecting::lead_row{t.record.person, lead});
  }
  for (auto& [id, t] : touched_) {
    auto now = contacts_of(t.record);
    for (auto& key : t.contacts_before) {
      if (!std::ranges::binary_search(now, key)) batch.erase(table::contacts, key);
    }
    for (auto& key : now) {
      if (!std::ranges::binary_search(t.contacts_before, key)) batch.put(table::contacts, key, id);
    }
  }
  for (auto& [id, row] : leads) batch.put(table::leads, id, row);
  touched_.clear();
}

}  // namespace switchboard
