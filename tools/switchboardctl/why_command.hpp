#pragma once

#include <string>

#include "tools/switchboardctl/control_client.hpp"

namespace switchboard::ctl {

/// Why a session is where it is, for a shift leader to read: what was decided, whom it waits for,
/// what would let it go.
outcome explain_session(control_client& daemon, const std::string& session);

/// The text of an answer, for the test.
std::string why_text(const json& answer);

}  // namespace switchboard::ctl
