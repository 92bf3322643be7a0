#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/client/json_client.hpp"

namespace switchboard::channel_tool {

using client::json;

/// Where a command is typed: the session in front, the transfer begun last, a fresh key, and the
/// time.
struct participant_place {
  std::string session, transfer, key;
  std::uint64_t now_ms = 0;
};

struct participant_call {
  std::string method;
  json params;
  std::string trouble;  // not empty: what is wrong with what was typed
};

/// The call that a command about handing on, joining, putting off or supervising makes; nothing for
/// any other command.
std::optional<participant_call> participant_command(const std::string& name,
                                                    const std::string& rest,
                                                    const participant_place& place);

}  // namespace switchboard::channel_tool
