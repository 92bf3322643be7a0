#include "actors/skill_group/agent_view.hpp"

namespace switchboard {

std::string_view to_string(agent_status s) {
  switch (s) {
    case agent_status::offline:
      return "offline";
    case agent_status::online:
      return "online";
    case agent_status::away:
      return "away";
    case agent_status::busy:
      return "busy";
    case agent_status::draining:
      return "draining";
    case agent_status::reconnecting:
      return "reconnecting";
  }
  return "unknown";
}

}  // namespace switchboard
