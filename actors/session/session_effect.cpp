#include "actors/session/session_effect.hpp"

namespace switchboard {

session_effect::session_effect(const session_effect&) = default;
session_effect::session_effect(session_effect&&) noexcept = default;
session_effect& session_effect::operator=(const session_effect&) = default;
session_effect& session_effect::operator=(session_effect&&) noexcept = default;
session_effect::~session_effect() = default;

}  // namespace switchboard
