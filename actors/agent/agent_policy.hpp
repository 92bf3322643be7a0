#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/agent/agent_machine.hpp"
#include "actors/agent/agent_state.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

/// What the configuration makes of what happens to an agent. Pure.

/// The state an agent may ask for, by its name; nothing for any other word.
std::optional<agent_status> status_named(std::string_view text);
/// Why `reason` will not do for `wanted`; empty where it does.
std::string reason_refused(const config::dispatch_config& all, agent_status wanted,
                           const std::string& reason);

/// Why the sessions of `from` cannot go to that group or that agent (both empty: where the rules
/// say), whoever they are; nothing where they may be asked to.
std::optional<error> move_refused(const config::dispatch_config& all, const agent_id& from,
                                  const std::string& to_group, const std::string& to_agent);

/// An offer of `group` was missed: it counts, and after so many in a row the agent's state changes.
std::vector<agent_payload> events_of_miss(const config::dispatch_config& all, const agent_record& r,
                                          const group_id& group, const session_id& session);

/// How long after-contact work for that group may last.
millis wrap_up_time(const config::dispatch_config& all, const group_id& group);

/// The after-contact work the accepting group asks for; nothing where it asks for none.
std::optional<wrap_up> wrap_up_after(const config::dispatch_config& all, const session_id& session,
                                     const agent_machine::held& held, timestamp now);

}  // namespace switchboard
