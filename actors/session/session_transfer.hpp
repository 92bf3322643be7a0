#pragma once

#include "actors/session/session_machine.hpp"

/// How a session goes to somebody else: plain decisions, as session_machine's.
///
///     cold     owner ──transferred──► waits in the target's queue ──assigned──► the target
///                         └─ cancelled, out of time: waits where it was served, for that agent
///                         first
///     others   owner stays ──transfer_started──► join offered ──► joined
///                warm, consult: complete hands over; out of time a warm one is completed, a
///                consult ends conference: over with the join; whoever has joined stays
///
/// At every moment the session has one owner or waits in a queue, with the age it had
/// (docs/decisions/0008).
namespace switchboard::session_transfer {

using session_machine::payloads;

/// What the configuration says (config::session_policy).
struct limits {
  millis transfer{5 * 60'000};
  millis joint{30 * 60'000};
};
/// How long a session that came back is kept for the agent it comes back to.
constexpr millis return_first{60'000};
constexpr std::size_t most_parties = 8;

struct wish {
  transfer_id id;
  participant by;
  std::string mode, to_group, to_agent;
  bool by_rules = false;
  std::string note;
};

/// Whether the plan hands the session to an agent by name.
bool is_to_agent(const routing_plan& plan);
/// Could this begin, whatever the router will say? Names the field that is wrong.
result<void> may_begin(const session_state& s, const wish& w);
/// Cold: the owner lets go and it waits by the plan (or is served at once by who has joined
/// already). Others: the search for somebody to join begins.
result<payloads> begin(const session_state& s, wish w, routing_plan plan, step_choice choice,
                       timestamp now, const limits& l);

/// An agent has room for it and is to join; automatic: joins at once.
result<payloads> propose(const session_state& s, const session_machine::proposal& p, timestamp now,
                         const limits& l);
result<payloads> accept(const session_state& s, const offer_id& offer, const agent_id& agent,
                        timestamp now, const limits& l);
/// Nothing if that offer is not open any more.
payloads end_offer(const session_state& s, const offer_id& offer, std::string cause, bool exclude);

/// Takes it back, until it is accepted (cold) or completed.
result<payloads> cancel(const session_state& s, const participant& by, const transfer_id& id,
                        timestamp now);
/// All groups in which somebody was looked for are closed.
payloads nobody_to_ask(const session_state& s);
/// Handed on cold, it finds nobody where it should go: back to who had it. Nothing where it was not
/// handed on.
payloads nowhere_to_wait(const session_state& s, timestamp now);
/// Who has joined becomes the owner.
result<payloads> complete(const session_state& s, const participant& by, const transfer_id& id);
/// What has run out by `now`.
payloads expire(const session_state& s, timestamp now);

/// The owner is gone: who has joined takes over, else it waits (by the plan of a warm transfer, or
/// where it was served). A snoozed session keeps its owner.
payloads owner_lost(const session_state& s, const agent_id& agent, std::string reason,
                    timestamp now);
/// Somebody who has joined, or is asked to, is gone.
payloads guest_lost(const session_state& s, const agent_id& agent, std::string reason);

/// Ends what is under way and lets agents who have joined go, before the session is nobody's.
/// Supervisors stay.
payloads let_go(const session_state& s, const std::string& why);
/// Back to where it was served, with that agent first.
payloads come_back(const session_state& s, const participant& last, const group_id& group,
                   timestamp now);

}  // namespace switchboard::session_transfer
