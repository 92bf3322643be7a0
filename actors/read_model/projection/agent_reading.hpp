#pragma once

#include <functional>
#include <vector>

#include "actors/agent/agent_machine.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

/// Reads what of an agent is durable: what agent_projection wrote, and which sessions say it is
/// there.
namespace switchboard::projecting {

/// One that has not recorded anything has a blank record.
agent_record read_agent(const store::state_view& view, const agent_id& id);
/// Who serves the session or has joined it.
void add_served(const session_state& s,
                const std::function<void(const agent_id&, agent_machine::served_session)>& add);
/// Looks at every live session: for who asks seldom.
std::vector<agent_machine::served_session> read_served(const store::state_view& view,
                                                       const agent_id& id);

}  // namespace switchboard::projecting
