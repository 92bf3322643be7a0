#include <algorithm>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {

using dispatcher::nothing;

void group_dispatcher::parts::propose(std::uint32_t waiter, std::uint32_t agent, timestamp now) {
  tick(now);
  auto& w = queue.at(waiter);
  auto& a = agents.at(agent);
  auto& p = w.proposal;
  p = {};
  p.agent = agent;
  p.id = a.view.id;
  p.generation = a.generation;
  p.rev = a.view.rev;
  p.weight = w.what.need.weight;
  p.ramp_before = a.ramp_until;
  // A bucket of one token: the share of a minute comes evenly, so that who has just arrived is not
  // flooded either.
  if (ramps(a, now)) {
    a.ramp_until = now + millis{60'000 / options.ramp_per_agent_per_minute};
    arm({a.ramp_until, true, agent, a.generation});
  }
  p.ramp_after = a.ramp_until;
  if (options.strategy == config::strategy::round_robin) {
    p.cursor_before = agents.cursor();
    agents.set_cursor_at(agent);
  }
  a.in_flight += 1;
  a.unseen_weight += p.weight;
  a.proposed_at = now;
  w.proposed = true;
  w.was_blocked = w.blocked;
  unblock(waiter);
  w.fresh = false;
  ++proposed;
  refresh_waiter(waiter, now);
  refresh_agent(agent, now);
}

/// Always, or for some time after the agent came or the group opened, whichever was later.
bool group_dispatcher::parts::ramps(const dispatcher::agent_entry& a, timestamp now) const {
  if (options.ramp_per_agent_per_minute <= 0) return false;
  if (options.ramp_for <= millis{0}) return true;
  return now < std::max(a.view.online_since, opened_at) + options.ramp_for;
}

bool group_dispatcher::parts::is_proposal(std::uint32_t waiter, const agent_id& agent) const {
  return waiter != nothing && queue.at(waiter).proposed && queue.at(waiter).proposal.id == agent;
}

void group_dispatcher::parts::taken(std::uint32_t waiter, const std::optional<agent_view>& fresh,
                                    timestamp now) {
  tick(now);
  auto& w = queue.at(waiter);
  auto p = w.proposal;
  if (w.was_blocked) rate.departed();
  w.proposed = false;
  --proposed;
  leave(waiter, now);
  if (fresh) agent_changed(*fresh, now);
  auto& a = agents.at(p.agent);
  if (a.generation != p.generation) return;
  a.in_flight -= 1;
  if (a.view.rev == p.rev) a.settled += 1;
  refresh_agent(p.agent, now);
}

/// What did not ring costs the agent neither its turn nor its share.
void group_dispatcher::parts::give_back(const dispatcher::proposed_match& p, bool rang,
                                        timestamp now) {
  auto& a = agents.at(p.agent);
  if (a.generation != p.generation) return;
  a.in_flight -= 1;
  if (a.view.rev == p.rev) a.unseen_weight -= p.weight;
  if (!rang && a.ramp_until == p.ramp_after) a.ramp_until = p.ramp_before;
  if (!rang && options.strategy == config::strategy::round_robin && agents.cursor() == p.id) {
    agents.set_cursor(p.cursor_before);
  }
  refresh_agent(p.agent, now);
}

bool group_dispatcher::parts::give_way(std::uint32_t waiter, timestamp now) {
  settle_fresh();
  auto& w = queue.at(waiter);
  auto agent = w.proposal.agent;
  if (head_of(agent, w.what.need.weight, {w.at, waiter}) == nothing) return false;
  failed(waiter, proposal_failure::agent_refused, {}, now);
  agents.at(agent).distrusted = true;
  refresh_agent(agent, now);
  return true;
}

void group_dispatcher::parts::failed(std::uint32_t waiter, proposal_failure why,
                                     const std::optional<agent_view>& fresh, timestamp now) {
  tick(now);
  auto& w = queue.at(waiter);
  auto p = w.proposal;
  if (fresh) agent_changed(*fresh, now);
  if (auto& a = agents.at(p.agent);
      why == proposal_failure::agent_refused && a.generation == p.generation) {
    a.distrusted = a.distrusted || a.view.rev == p.rev;
  }
  bool rang = why != proposal_failure::agent_refused && why != proposal_failure::session_refused;
  give_back(p, rang, now);
  w.proposed = false;
  --proposed;
  if (rang && !query_of(w).has_asked(p.id)) {
    w.what.asked.push_back(p.id);
  }
  remember(waiter);
  if (why == proposal_failure::session_refused) w.parked_until = now + park_time;
  refresh_waiter(waiter, now);
}

}  // namespace switchboard
