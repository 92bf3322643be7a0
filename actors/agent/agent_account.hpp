#pragma once

#include "actors/agent/agent_state.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

/// An agent as it is shown, packed. Pure.

/// What agent.snapshot says of the agent itself: six pairs of its map.
void pack_snapshot(codec::packer& p, const agent_machine& m);
/// The agent as admin.agents shows it: one map.
void pack_agent(codec::packer& p, const agent_machine& m);

/// What agent.state_changed says: one map.
void pack_change(codec::packer& p, const agent_machine& m, std::uint64_t rev);

}  // namespace switchboard
