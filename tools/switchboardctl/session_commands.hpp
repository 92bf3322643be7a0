#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// Live sessions as a shift leader sees and steers them. A session is named by its id, the
/// beginning of it, or its end (the four characters that chats and lists show), as long as that is
/// one session's only.
namespace switchboard::ctl {

struct session_filter {
  /// Empty: every state, every group.
  std::string state, group;
  std::int64_t limit = 100;
};
/// Who waits first, in the order of the queues.
outcome list_sessions(control_client& daemon, const session_filter& which);
/// The text of the answers to admin.sessions and admin.groups, for the test; `columns`: of the
/// terminal.
std::string sessions_text(const json& sessions, const json& groups, std::size_t columns);

outcome show_session(control_client& daemon, const std::string& named);
outcome show_transcript(control_client& daemon, const std::string& named);

struct session_order {
  std::string session, reason, disposition;
  /// Where it goes; of a move neither: by the rules.
  std::string to_group, to_agent;
};
outcome close_session(control_client& daemon, const session_order& what);
outcome move_session(control_client& daemon, const session_order& what);
/// To an agent: out of the queue, or from who serves it. `only_waiting`: never from a colleague.
outcome assign_session(control_client& daemon, const session_order& what, bool only_waiting);

/// The whole id of the session so named.
tl::expected<std::string, failure> find_session(control_client& daemon, const std::string& named);

}  // namespace switchboard::ctl
