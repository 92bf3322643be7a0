#include "actors/session/session_event.hpp"

#include <array>

namespace switchboard {
namespace {

struct row {
  std::string_view type;
  visibility seen_by;
};
constexpr std::array<row, std::variant_size_v<session_payload>> rows{{
    {"opened", visibility::everyone},   {"requested", visibility::everyone},
    {"identified", visibility::everyone}, {"", visibility::nobody},
    {"queued", visibility::everyone},   {"offered", visibility::everyone},
    {"", visibility::nobody},           {"", visibility::nobody},
    {"assigned", visibility::everyone}, {"message", visibility::everyone},
    {"recalled", visibility::everyone}, {"read", visibility::everyone},
    {"transferred", visibility::everyone}, {"left", visibility::everyone},
    {"note", visibility::agents},       {"tagged", visibility::agents},
    {"rated", visibility::everyone},    {"wrapped_up", visibility::agents},
    {"closed", visibility::everyone},   {"", visibility::nobody},
    {"", visibility::nobody},           {"message_claimed", visibility::agents},
    {"message_released", visibility::agents}, {"message_settled", visibility::agents},
}};

}  // namespace

std::string_view to_string(participant_role r) {
  constexpr std::string_view names[] = {"customer", "agent", "supervisor", "system"};
  return names[static_cast<int>(r)];
}

visibility visibility_of(const session_payload& p) { return rows[p.index()].seen_by; }
std::string_view type_name(const session_payload& p) { return rows[p.index()].type; }

}  // namespace switchboard
