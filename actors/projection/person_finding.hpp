#pragma once

#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/session/consultation_request.hpp"
#include "runtime/store/state.hpp"

/// Who is asking, by what is known of persons already: one customer over all channels. Nobody is
/// merged here; what contradicts is told.
namespace switchboard::projecting {

struct person_match {
  person_id person;
  /// "phone belongs to another customer, c:web:u9".
  std::vector<std::string> conflicts;
};

/// With a member the person is the member's. Else whoever has this identity on this channel; else
/// the one customer with the same union id, then telephone, then mail address; a key that several
/// share finds nobody, and neither does a weaker one then. Last, a person of its own.
person_match find_person(const store::state_view& view, const std::string& channel,
                         const channel_customer& who, const std::string& member_id);

/// Somebody who may be the same as a person, and by what.
struct likeness {
  std::string customer_id, name;
  std::vector<std::string> by;
};
template <class V>
void describe(V& v, likeness& x) {
  v("customer_id", x.customer_id);
  v("name", x.name);
  v("by", x.by);
}
/// Bounded; persons shown under the same customer are no others.
std::vector<likeness> others_like(const store::state_view& view, const customer_record& r);

}  // namespace switchboard::projecting
