#pragma once

#include <string_view>
#include <vector>

#include "runtime/base/ids.hpp"
#include "runtime/store/state.hpp"

/// Whom somebody means who names a customer: the one place where that is decided, for the agents'
/// and the administrators' side.
namespace switchboard::projecting {

struct named_person {
  person_id person;  // empty: nobody of that name, or several
  /// Whom the name fits, where it is several.
  std::vector<person_id> several;
};

/// A name is, and is tried as, the id of one of the customer's sessions; the person's id
/// ("m:<member>", "c:<channel>:<id>"); a channel identity ("c:<channel>:<id>", "<channel>:<id>",
/// "<channel>/<id>"), whoever it has come to be; a union id, a telephone number, a mail address. A
/// person merged away is found under its own id and identities, and is shown as its survivor by
/// whoever asks it.
named_person find_named(const store::state_view& view, std::string_view name);

}  // namespace switchboard::projecting
