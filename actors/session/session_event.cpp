#include "actors/session/session_event.hpp"

#include <array>

namespace switchboard {
namespace {

struct row {
  std::string_view type;
  visibility seen_by;
};
// clang-format off
constexpr std::array<row, std::variant_size_v<session_payload::kinds>> rows{{
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
    {"", visibility::nobody},           {"product_clicked", visibility::agents},
    {"product_bought", visibility::agents}, {"transfer_started", visibility::agents},
    {"transfer_ended", visibility::agents}, {"join_offered", visibility::agents},
    {"", visibility::nobody},           {"joined", visibility::everyone},
    {"left", visibility::everyone},     {"whispered", visibility::agents},
    {"snoozed", visibility::agents},    {"woken", visibility::agents},
    {"alert", visibility::agents},      {"filtered", visibility::agents},
    {"rating_requested", visibility::everyone},
    {"", visibility::nobody},           {"message_claimed", visibility::agents},
    {"message_released", visibility::agents}, {"message_settled", visibility::agents},
    {"", visibility::nobody},
}};
// clang-format on

/// Whom the customer does not hear, the customer does not see come and go.
template <class T> std::optional<visibility> by_presence(const session_payload& p) {
  auto* x = std::get_if<T>(&p);
  if (!x) return {};
  return is_heard(x->as) ? visibility::everyone : visibility::agents;
}

}  // namespace

std::string_view to_string(participant_role r) {
  constexpr std::string_view names[] = {"customer", "agent", "supervisor", "system"};
  return names[static_cast<int>(r)];
}

std::string_view to_string(presence p) {
  constexpr std::string_view names[] = {"conference", "warm", "consult", "monitor", "barge"};
  return names[static_cast<int>(p)];
}

session_payload::session_payload() = default;
session_payload::session_payload(const session_payload&) = default;
session_payload::session_payload(session_payload&&) noexcept = default;
session_payload& session_payload::operator=(const session_payload&) = default;
session_payload& session_payload::operator=(session_payload&&) noexcept = default;
session_payload::~session_payload() = default;

visibility visibility_of(const session_payload& p) {
  if (auto v = by_presence<event::joined>(p)) return *v;
  if (auto v = by_presence<event::parted>(p)) return *v;
  return rows[p.index()].seen_by;
}
std::string_view type_name(const session_payload& p) {
  return rows[p.index()].type;
}

}  // namespace switchboard
