#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "runtime/store/state.hpp"

/// Reads what customer_projection wrote.
namespace switchboard::projecting {

/// A row of table `leads`.
struct lead_row {
  person_id person;
  sales_lead lead;
};
template <class V> void describe(V& v, lead_row& x) {
  v("person", x.person);
  v("lead", x.lead);
}

/// The person's record; where there is none yet, one that says nothing but who it is.
customer_record read_customer(const store::state_view& view, const person_id& person);

/// Whose contact that is, at most `limit` of them.
std::vector<person_id> find_persons(const store::state_view& view, contact_kind kind,
                                    std::string_view value, std::size_t limit = 16);

std::optional<lead_row> find_lead(const store::state_view& view, std::string_view lead_id);

}  // namespace switchboard::projecting
