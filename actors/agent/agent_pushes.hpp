#pragma once

#include <string>
#include <vector>

#include "actors/agent/agent_machine.hpp"
#include "actors/messages/dispatch_messages.hpp"
#include "actors/reception/alert_list.hpp"

/// What an agent's clients are told of the agent, packed. Every one carries `rev`, which rises with
/// each change: a client that has a snapshot and every push after it knows what the server knows.
namespace switchboard::agent_pushes {

/// The answer to agent.snapshot.
std::string snapshot(const agent_machine& m, std::uint64_t rev,
                     const std::vector<const offer_made*>& offers, const alert_list& board);
/// agent.offer.
std::string offer(const offer_made& o, std::uint64_t rev);
std::string offer_withdrawn(const offer_over& o, std::uint64_t rev);
/// agent.state_changed. `ended`: a service whose end a line that has just come back may have
/// missed.
std::string state(const agent_machine& m, std::uint64_t rev, const service_ended* ended = nullptr);
/// The answer to agent.times: what was spent in which state for which reason, by day of the agent's
/// zone and in all; of the days from `from` to `to`. The state it is in has lasted so long.
std::string times(const agent_machine& m, timestamp from, timestamp to, timestamp now,
                  millis lasted);
/// For operators.
std::string status(const agent_machine& m);
/// agent.session: a session began or ended for this agent, as its owner or as somebody who has
/// joined.
std::string session_change(const session_id& session, std::string_view as, std::string_view change,
                           int used, std::uint64_t rev);

}  // namespace switchboard::agent_pushes
