#pragma once

#include <vector>

#include "runtime/store/state_renewal.hpp"

namespace switchboard {

/// What of a store is made anew at the start where it is out of date; the log tells how far it has
/// come.
std::vector<store::state_renewal> state_renewals();

}  // namespace switchboard
