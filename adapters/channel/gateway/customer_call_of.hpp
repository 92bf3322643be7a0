#pragma once

#include "adapters/channel/gateway/endpoints.hpp"

namespace switchboard {

/// A customer, however the caller names it: the directory of persons says who that is.
struct named_customer {
  person_id person;
};
template <class V> void wire_fields(V& v, named_customer& x) {
  v.must("customer_id", x.person, 300);
}

/// Who acts on customers, and in which role: as the configuration's own words for who may edit
/// which field.
inline std::string role_of(const caller& by) {
  return std::string(by.role == caller::kind::admin ? "admin" : to_string(by.account));
}

}  // namespace switchboard
