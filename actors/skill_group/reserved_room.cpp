#include <algorithm>

#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {

using dispatcher::bin;
using dispatcher::due_state;
using dispatcher::nothing;

void group_dispatcher::parts::set_due(std::uint32_t slot, due_state s) {
  auto& w = queue.at(slot);
  if (w.due == s) return;
  if (w.due == due_state::due) due.erase({w.at, slot});
  if (w.due == due_state::hopeless) std::erase(hopeless, slot);
  w.due = s;
  if (s == due_state::due) due.insert({w.at, slot});
  if (s == due_state::hopeless) hopeless.push_back(slot);
}

bool group_dispatcher::parts::may_use_room(const dispatcher::agent_entry& a,
                                           std::uint32_t waiter) const {
  return a.kept_for == nothing || a.kept_for == waiter ||
         queue.at(waiter).at < queue.at(a.kept_for).at;
}

void group_dispatcher::parts::reserve(std::uint32_t waiter, std::uint32_t agent, timestamp now) {
  auto& w = queue.at(waiter);
  set_due(waiter, due_state::no);
  w.kept_agent = agent;
  agents.at(agent).kept_for = waiter;
  auto until = now + options.fill_after * reserved_for;
  reserved.push_back({waiter, agent, until});
  arm({until, false, waiter, w.generation});
  refresh_agent(agent, now);
}

void group_dispatcher::parts::release_reservation(std::uint32_t waiter, timestamp now) {
  auto at =
      std::find_if(reserved.begin(), reserved.end(), [&](auto& r) { return r.waiter == waiter; });
  if (at == reserved.end()) return;
  auto agent = at->agent;
  reserved.erase(at);
  ++reserve_changes;
  queue.at(waiter).kept_agent = nothing;
  agents.at(agent).kept_for = nothing;
  refresh_agent(agent, now);
  mark_agent_fresh(agent);
}

/// Ends reservations that cannot lead anywhere, or have lasted long enough.
bool group_dispatcher::parts::review_reservations(timestamp now) {
  bool any = false;
  for (std::size_t i = 0; i < reserved.size();) {
    auto r = reserved[i];
    auto& w = queue.at(r.waiter);
    auto& a = agents.at(r.agent);
    bool leads =
        a.online() && fits.fits(w.signature, a.profile) && !query_of(w).has_asked(a.view.id);
    if (leads && r.until > now) {
      ++i;
      continue;
    }
    if (leads) w.reserve_not_before = now + options.fill_after;
    release_reservation(r.waiter, now);
    refresh_waiter(r.waiter, now);
    any = true;
  }
  return any;
}

/// Heavy items in order, as long as reservations may be made, each get the agent with the most room
/// of those who could ever take it, unless somebody can take it right now. This is the one place
/// that scans agents: once per reservation, which lasts until the item is served, and not again for
/// an item without prospects until somebody comes.
void group_dispatcher::parts::reserve_for_due(timestamp now) {
  auto epoch = fits.online_epoch() + reserve_changes;
  if (!hopeless.empty() && hopeless_epoch != epoch) {
    for (auto slot : std::vector<std::uint32_t>(hopeless)) set_due(slot, due_state::due);
  }
  hopeless_epoch = epoch;
  auto most = std::min(max_reserved, std::max<std::size_t>(1, (agents.online() + 9) / 10));
  if (due.empty() || reserved.size() >= most) return;
  std::vector<std::uint32_t> waiters;
  due.scan([&](const dispatcher::place_entry& e) {
    waiters.push_back(e.slot);
    return true;
  });
  for (auto slot : waiters) {
    if (reserved.size() >= most) return;
    if (pick(slot, nullptr, nullptr).slot != nothing) continue;
    auto agent = best_to_reserve(slot);
    if (agent == nothing) {
      set_due(slot, due_state::hopeless);
    } else {
      reserve(slot, agent, now);
    }
  }
}

std::uint32_t group_dispatcher::parts::best_to_reserve(std::uint32_t waiter) {
  auto& w = queue.at(waiter);
  auto q = query_of(w);
  std::uint32_t best = nothing;
  for (auto slot : agents.by_id()) {
    auto& a = agents.at(slot);
    if (!a.online() || a.kept_for != nothing || !fits.fits(w.signature, a.profile) ||
        q.has_asked(a.view.id))
      continue;
    if (best == nothing || a.room() > agents.at(best).room() ||
        (a.room() == agents.at(best).room() &&
         a.view.last_assigned < agents.at(best).view.last_assigned)) {
      best = slot;
    }
  }
  return best;
}

}  // namespace switchboard
