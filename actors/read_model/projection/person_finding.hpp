#pragma once

#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/customer/identity_claims.hpp"
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
/// The same, by what is claimed and recorded beside the state too: what the state will say once it
/// has come up.
person_match find_person(const store::state& state, identity_claims& claims,
                         const std::string& channel, const channel_customer& who,
                         const std::string& member_id);
/// The same, and what nobody has of what the request shows is the person's from now on: of two
/// requests that show one thing at one instant, the second finds the first's person. The person has
/// yet to record it.
person_match claim_person(const store::state& state, identity_claims& claims,
                          const std::string& channel, const channel_customer& who,
                          const std::string& member_id, timestamp now);
/// Claims what nobody has of it for a person that was found before.
void claim_for(const store::state& state, identity_claims& claims, const std::string& channel,
               const channel_customer& who, const person_id& person, timestamp now);

/// Under which keys claims know what a request shows (empty where it shows none), and what a record
/// holds (sorted).
identity_claims::keys identity_keys(const std::string& channel, const channel_customer& who);
identity_claims::keys identity_keys(const customer_record& r);

/// Somebody who may be the same as a person, and by what.
struct likeness {
  std::string customer_id, name;
  std::vector<std::string> by;
};
template <class V> void describe(V& v, likeness& x) {
  v("customer_id", x.customer_id);
  v("name", x.name);
  v("by", x.by);
}
/// Bounded; persons shown under the same customer are no others.
std::vector<likeness> others_like(const store::state_view& view, const customer_record& r);

}  // namespace switchboard::projecting
