#include "actors/read_model/projection/customer_reading.hpp"

namespace switchboard::projecting {

customer_record read_customer(const store::state_view& view, const person_id& person) {
  customer_record r;
  if (auto packed = view.find(table::customers, person_key(person))) {
    SB_INVARIANT(codec::unpack(*packed, r));
  }
  r.person = person;
  return r;
}

std::vector<person_id> find_persons(const store::state_view& view, contact_kind kind,
                                    std::string_view value, std::size_t limit) {
  std::vector<person_id> found;
  auto prefix = contact_prefix(kind, value);
  if (prefix.empty() || limit == 0) return found;
  view.scan(contact_table(kind), prefix, [&](std::string_view key, std::string_view person) {
    if (!key.starts_with(prefix)) return false;
    found.emplace_back(std::string(person));
    return found.size() < limit;
  });
  return found;
}

std::optional<lead_row> find_lead(const store::state_view& view, std::string_view lead_id) {
  lead_row row;
  if (lead_id.empty()) return {};
  auto packed = view.find(table::leads, lead_id);
  if (!packed || !codec::unpack(*packed, row)) return {};
  return row;
}

}  // namespace switchboard::projecting
