#include "actors/read_model/projection/customer_projection.hpp"

#include <algorithm>
#include <stdexcept>

#include "actors/read_model/projection/contact_index.hpp"
#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard {
namespace table = projecting::table;
using projecting::contacts_of;

std::vector<std::string> customer_projection::tables() const {
  std::vector<std::string> all;
  for (auto name : {table::customers, table::contacts, table::callers, table::leads, table::changes,
                    table::blocked, table::folding})
    all.emplace_back(name);
  return all;
}

customer_projection::touched& customer_projection::load(const std::string& id,
                                                        const store::state_view& before) {
  auto [it, fresh] = touched_.try_emplace(id);
  auto& t = it->second;
  if (!fresh) return t;
  person_id person{id};
  auto packed = before.find(table::customers, projecting::person_key(person));
  if (packed && !codec::unpack(*packed, t.record))
    throw std::runtime_error("the record of a customer cannot be read");
  t.record.person = std::move(person);
  if (packed) t.contacts_before = contacts_of(t.record);
  t.blocked_before = t.record.blocked.has_value();
  return t;
}

void customer_projection::fold(const store::placed_record& r, const store::state_view& before) {
  if (r.body.kind != store::entity_kind::customer || r.body.key == erased_key) return;
  auto& t = load(r.body.key, before);
  auto witness = [&](const customer_record& was, const customer_payload& e, timestamp at) {
    if (std::holds_alternative<customer_event::erased>(e)) {
      t.erased = true;
      t.changes.clear();
      for (auto& lead : was.leads) t.leads_gone.push_back(lead.id);
      return;
    }
    if (auto* x = std::get_if<customer_event::forgot>(&e)) t.forgotten.push_back(x->person);
    std::uint8_t n = 0;
    for (auto& row : projecting::changes_by(was, e, at)) {
      t.changes.emplace_back(projecting::change_key(was.person, at, was.seq + 1, n++),
                             codec::pack(row));
    }
  };
  if (!replay(t.record, r.body.events, witness)) {
    throw std::runtime_error("journal record " + std::to_string(r.at) +
                             " is no list of a customer's events");
  }
}

void customer_projection::flush(store::state_batch& batch) {
  write_records(batch);
  write_contacts(batch);
  write_changes(batch);
  touched_.clear();
}

void customer_projection::write_records(store::state_batch& batch) {
  std::map<std::string, std::string> leads;
  for (auto& [id, t] : touched_) {
    auto key = projecting::person_key(t.record.person);
    if (t.erased && t.record.blank())
      batch.erase(table::customers, key);
    else
      batch.put(table::customers, key, codec::pack(t.record));
    if (t.record.blocked)
      batch.put(table::blocked, key, id);
    else if (t.blocked_before)
      batch.erase(table::blocked, key);
    for (auto& gone : t.leads_gone) batch.erase(table::leads, gone);
    // While the person is merged away its leads are the survivor's to tell of.
    if (t.record.merged_into) continue;
    for (auto& lead : t.record.leads)
      leads[lead.id] = codec::pack(projecting::lead_row{t.record.person, lead});
  }
  for (auto& [id, row] : leads) batch.put(table::leads, id, row);
}

void customer_projection::write_contacts(store::state_batch& batch) const {
  for (auto& [id, t] : touched_) {
    auto now = contacts_of(t.record);
    for (auto& at : t.contacts_before) {
      if (!std::ranges::binary_search(now, at)) batch.erase(at.first, at.second);
    }
    for (auto& at : now) {
      if (!std::ranges::binary_search(t.contacts_before, at)) batch.put(at.first, at.second, id);
    }
  }
}

void customer_projection::write_changes(store::state_batch& batch) const {
  for (auto& [id, t] : touched_) {
    auto goes = [&](std::string_view packed) {
      return t.erased || std::ranges::any_of(t.forgotten, [&](auto& other) {
               return projecting::is_merge_with(packed, other);
             });
    };
    if (t.erased || !t.forgotten.empty()) {
      std::vector<std::string> old;
      auto prefix = projecting::trail_prefix(t.record.person);
      batch.scan(table::changes, prefix, [&](std::string_view key, std::string_view packed) {
        if (!key.starts_with(prefix)) return false;
        if (projecting::is_change_of(key, prefix) && goes(packed)) old.emplace_back(key);
        return true;
      });
      for (auto& key : old) batch.erase(table::changes, key);
    }
    for (auto& [key, row] : t.changes) {
      if (t.forgotten.empty() || !goes(row)) batch.put(table::changes, key, row);
    }
  }
}

}  // namespace switchboard
