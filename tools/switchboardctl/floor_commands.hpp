#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// A shift leader's hand on the floor: every change is on record with who and why.
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

/// Messages left while nobody was there, that nobody has answered; of all groups where `group` is
/// empty.
outcome list_messages(control_client& daemon, const std::string& group);

}  // namespace switchboard::ctl
