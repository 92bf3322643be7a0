#pragma once

#include <string>
#include <vector>

#include "adapters/center/member_center.hpp"

namespace switchboard::center {

/// The members that one key finds.
struct key_finding {
  member_key by = member_key::member_id;
  std::vector<std::string> ids;
};

struct member_choice {
  /// Empty when nobody may be chosen.
  std::string id;
  member_key by = member_key::member_id;
  std::vector<member_lookup::conflict> conflicts;
};

/// Who is meant by what the keys find, as member_lookup has it. `findings` go from the strongest
/// key on and leave out keys that find nobody; `id_given`: a member id was among what is known.
member_choice choose_member(const std::vector<key_finding>& findings, bool id_given);

}  // namespace switchboard::center
