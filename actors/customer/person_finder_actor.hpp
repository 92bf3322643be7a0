#pragma once

#include "actors/customer/customer_actor.hpp"

namespace switchboard {

/// Puts persons' ids in the place of what a call from outside names its customers by
/// (projecting::find_named). Nothing where all are known, else why not: `not_found`, or
/// `failed_precondition` where a name fits several.
std::optional<error> resolve_persons(const store::state_view& view, customer_call& m);

/// Waits, for calls that name somebody whom the state does not know yet, until it has taken up all
/// that was recorded when they came. Then they go on, or nobody is there.
using person_finder_actor = caf::typed_actor<
    // From the directory of persons, which started it.
    caf::reacts_to<customer_call>,
    // From the timers.
    caf::reacts_to<timer_fired>>;
person_finder_actor spawn_person_finder(caf::actor_system& system,
                                        const customer_services& services);

}  // namespace switchboard
