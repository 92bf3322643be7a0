#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// A shift leader's hand on the contact center: every change is on record with who and why.
namespace switchboard::ctl {

struct bump_options {
  std::string session, reason;
  std::int64_t priority = 100;
};
outcome bump_session(control_client& daemon, const bump_options& what);

struct agent_order {
  std::string agent, state, reason;
  /// Where sessions go; neither: by the rules.
  std::string to_group, to_agent;
};
outcome force_agent_state(control_client& daemon, const agent_order& what);
outcome move_agent_sessions(control_client& daemon, const agent_order& what);

struct message_filter {
  /// Empty: of all groups.
  std::string group;
  /// Where an earlier page ended.
  std::string after;
  std::int64_t limit = 50;
};
/// Messages left while nobody was there, that nobody has answered.
outcome list_messages(control_client& daemon, const message_filter& which);
struct message_order {
  /// The session it was left in, as find_session takes it; also by its end alone.
  std::string session;
  /// The answer, or why there is none.
  std::string text;
};
outcome answer_message(control_client& daemon, const message_order& what);
outcome dismiss_message(control_client& daemon, const message_order& what);
/// The text of an answer, for the test.
std::string messages_text(const json& answer);

}  // namespace switchboard::ctl
