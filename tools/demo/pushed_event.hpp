#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/demo/delivery_checker.hpp"
#include "tools/demo/demo_script.hpp"

namespace switchboard::demo {

/// A session.event as it came, read.
struct pushed_event {
  std::string session;
  std::string type;
  /// 0 for what is not stored (typing, position).
  std::uint64_t seq = 0;
  std::uint64_t prev = 0;
  std::int64_t at_ms = 0;
  /// What stands under the type's name.
  json body;

  /// The role of a message's sender; empty for other events.
  std::string sender() const;
  std::string text() const;
  /// The turn a message speaks ("c-3", "a-2"), where it is one of the script's.
  std::optional<std::size_t> turn() const;
  seen_event seen() const;
  /// The id at a participant's field: `agent`, `by`.
  std::string id_at(const char* field) const;
};

pushed_event read_event(const json& params);

/// The key a turn's message is sent under.
std::string message_key(bool by_agent, std::size_t turn);
/// As the delivery checker names it: sender's role and key.
std::string book_key(bool by_agent, const std::string& client_msg_id);

}  // namespace switchboard::demo
