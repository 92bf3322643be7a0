#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/session_state.hpp"

namespace switchboard::projecting {

/// What messages and read marks change of a session, and nothing else. A live session's snapshot is
/// large and seldom changes, its pulse is small and changes with every message: they lie in two
/// tables, and the pulse is always the newer. So a projected message costs neither the decoding of
/// a snapshot nor its pages.
struct session_pulse {
  std::uint64_t seq = 0, customer_prev = 0, agent_prev = 0;
  std::uint32_t messages = 0;
  timestamp last_customer_at{}, last_agent_at{}, first_agent_at{};
  std::uint64_t read_by_customer = 0, read_by_agent = 0;
  timestamp unanswered_since{};
  std::uint32_t unread_by_agent = 0, unread_by_customer = 0;
  timestamp last_at{};

  bool operator==(const session_pulse&) const = default;
};

session_pulse pulse_of(const session_state& s);
void lay_over(session_state& s, const session_pulse& p);

/// Does to the pulse what `switchboard::apply` does to the session, for messages and read marks.
/// False, and nothing changed, for any other event and one not understood.
bool apply(session_pulse& p, const session_codec::stored_event& e);

/// A MessagePack array of the numbers in the order above; one of an older version ends with
/// read_by_agent or unread_by_customer.
std::string encode(const session_pulse& p);
std::optional<session_pulse> decode_pulse(std::string_view bytes);

}  // namespace switchboard::projecting
