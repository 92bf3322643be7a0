#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard {

enum class participant_role : std::uint8_t { customer, agent, supervisor, system };
std::string_view to_string(participant_role r);

/// Who said or did something in a session.
struct participant {
  std::string role = "system";
  std::string id;
  std::string name;
};
template <class V> void describe(V& v, participant& x) {
  v("role", x.role);
  v("id", x.id);
  v("name", x.name);
}

}  // namespace switchboard
