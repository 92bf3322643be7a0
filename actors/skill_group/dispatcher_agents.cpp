#include <algorithm>
#include <functional>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {

using dispatcher::nothing;

bool group_dispatcher::parts::agent_changed(const agent_view& view, timestamp now) {
  tick(now);
  auto slot = agents.find(view.id);
  if (slot == nothing) {
    slot = agents.add(view.id);
  } else if (view.rev <= agents.at(slot).view.rev) {
    return false;
  }
  bool presence = agents.set_view(slot, view);
  auto& a = agents.at(slot);
  // It knows by now what was proposed on its earlier revisions. If not, it refuses and says so: one
  // message lost, where counting twice would leave room unused as long as an offer rings.
  a.settled = a.unseen_weight = 0;
  a.distrusted = false;
  refresh_agent(slot, now);
  if (presence) presence_changed(view.id, now);
  return true;
}

void group_dispatcher::parts::agent_gone(std::uint32_t slot, timestamp now) {
  tick(now);
  auto& a = agents.at(slot);
  auto id = a.view.id;
  if (auto waiter = a.kept_for; waiter != nothing) {
    release_reservation(waiter, now);
    refresh_waiter(waiter, now);
  }
  agents.remove(slot);
  presence_changed(id, now);
}

/// Sessions that prefer this agent wait for it, or no longer do.
void group_dispatcher::parts::presence_changed(const agent_id& agent, timestamp now) {
  if (!queue.anybody_sticky()) return;
  std::vector<std::uint32_t> waiters;
  queue.for_each_sticky_to(agent, [&](const dispatcher::place_entry& e) {
    waiters.push_back(e.slot);
    return true;
  });
  for (auto w : waiters) refresh_waiter(w, now);
}

void group_dispatcher::parts::refresh_agent(std::uint32_t slot, timestamp now) {
  if (agents.refresh(slot, now)) mark_agent_fresh(slot);
}

void group_dispatcher::parts::mark_agent_fresh(std::uint32_t slot) {
  // Whoever waits is fresh itself, and will be tried with every agent there is.
  if (queue.pool_empty() && !queue.anybody_sticky()) return;
  auto& a = agents.at(slot);
  if (!a.able || a.room() < 1) return;
  // Its head is found when it is looked at; until then it may be before anybody's.
  dispatcher::place_entry before_all{{INT64_MIN, {}}, 0};
  if (a.fresh && a.fresh_unlooked) return;
  a.fresh = a.fresh_unlooked = true;
  fresh_agents.push_back({before_all, slot, a.generation, ++a.fresh_mark});
  std::push_heap(fresh_agents.begin(), fresh_agents.end(), std::greater<>{});
}

}  // namespace switchboard
