#include <algorithm>
#include <functional>

#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {

using dispatcher::bin;
using dispatcher::due_state;
using dispatcher::nothing;

/// Sticky prefers one agent while that agent is online and could take the session at all: waiting
/// for somebody who declined it, or lacks a skill, would be waiting for nothing.
bool group_dispatcher::parts::held_by_sticky(const dispatcher::waiter& w, timestamp now) {
  if (w.what.sticky.empty() || w.what.sticky_until <= now) return false;
  // A place that the agent owns is kept whether the agent is there or not, unless they cannot come
  // any more; it has an end.
  if (w.what.owned) return agents.may_come(w.what.sticky);
  auto slot = agents.find(w.what.sticky);
  if (slot == nothing || !agents.at(slot).online()) return false;
  return fits.fits(w.signature, agents.at(slot).profile) && !query_of(w).has_asked(w.what.sticky);
}

void group_dispatcher::parts::refresh_waiter(std::uint32_t slot, timestamp now) {
  auto& w = queue.at(slot);
  auto stands = w.bin;
  auto belongs = bin::pool;
  if (w.proposed || w.what.rings || w.parked_until > now) {
    belongs = bin::none;
  } else if (held_by_sticky(w, now)) {
    belongs = bin::sticky;
  }
  if (w.parked_until > now) arm({w.parked_until, false, slot, w.generation});
  if (!w.what.sticky.empty() && w.what.sticky_until > now &&
      w.sticky_armed != w.what.sticky_until) {
    w.sticky_armed = w.what.sticky_until;
    arm({w.sticky_armed, false, slot, w.generation});
  }
  if (belongs != stands) queue.move_to(slot, belongs);
  if (belongs != bin::pool && w.kept_agent != nothing) release_reservation(slot, now);

  auto due_now = due_state::no;
  if (w.what.need.weight > 1 && belongs == bin::pool && w.kept_agent == nothing) {
    auto due_at = std::max(w.what.opened_at + options.fill_after, w.reserve_not_before);
    if (due_at <= now) {
      due_now = due_state::due;
    } else if (w.fill_armed != due_at) {
      w.fill_armed = due_at;
      arm({due_at, false, slot, w.generation});
    }
  }
  set_due(slot, due_now);
  if (belongs != stands && belongs != bin::none) mark_waiter_fresh(slot);
}

void group_dispatcher::parts::mark_waiter_fresh(std::uint32_t slot) {
  auto& w = queue.at(slot);
  if (w.bin == bin::none) return;
  w.fresh = true;
  fresh_waiters.push_back({{w.at, slot}, slot, w.generation, ++w.fresh_mark});
  std::push_heap(fresh_waiters.begin(), fresh_waiters.end(), std::greater<>{});
}

void group_dispatcher::parts::arm(deadline d) {
  // Deadlines of those who left run out by themselves; a flood of them is swept.
  if (deadlines.size() > 256 + 4 * (queue.slot_count() + agents.size())) {
    std::erase_if(deadlines, [&](const deadline& x) {
      return x.agent ? agents.at(x.slot).generation != x.generation
                     : !queue.live(x.slot, x.generation);
    });
    std::make_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
  }
  deadlines.push_back(d);
  std::push_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
}

bool group_dispatcher::parts::advance(timestamp now) {
  tick(now);
  bool came_about = false;
  while (!deadlines.empty() && deadlines.front().at <= now) {
    auto d = deadlines.front();
    std::pop_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
    deadlines.pop_back();
    const bool stands =
        d.agent ? agents.at(d.slot).generation == d.generation : queue.live(d.slot, d.generation);
    if (!stands) continue;
    came_about = true;
    if (d.agent)
      refresh_agent(d.slot, now);
    else
      refresh_waiter(d.slot, now);
  }
  came_about = check_rounds(now) || came_about;
  came_about = review_reservations(now) || came_about;
  reserve_for_due(now);
  return came_about;
}

bool group_dispatcher::parts::check_rounds(timestamp now) {
  bool any = false;
  if (rounds_epoch != fits.online_epoch()) {
    rounds_to_check.assign(remembering.begin(), remembering.end());
    rounds_epoch = fits.online_epoch();
  }
  for (auto slot : rounds_to_check) {
    if (remembering.contains(slot)) any = check_round(slot, now) || any;
  }
  rounds_to_check.clear();
  return any;
}

/// A round is over when every agent who is online and could ever take it has been asked, busy ones
/// included: while one is left, the entry waits for that one instead of ringing again where it was
/// just declined.
bool group_dispatcher::parts::check_round(std::uint32_t slot, timestamp now) {
  auto& w = queue.at(slot);
  if (w.proposed) return false;
  auto could = fits.online_for(w.signature);
  if (could == 0 || w.what.asked.size() < could) return false;
  const auto& giver = w.what.handed_on_by;
  std::size_t asked = 0;
  for (auto& id : w.what.asked) {
    auto agent = agents.find(id);
    const bool could_take = agent != nothing && agents.at(agent).online() &&
                            fits.fits(w.signature, agents.at(agent).profile);
    if (!could_take) continue;
    ++asked;
    // With nobody else there it waits for somebody else: it would only come straight back.
    if (id == giver && could == 1) return false;
  }
  if (asked < could) return false;
  std::vector<agent_id> stays;
  for (auto& id : w.what.asked) (id == giver ? stays : w.forgiven).push_back(id);
  std::sort(w.forgiven.begin(), w.forgiven.end());
  w.forgiven.erase(std::unique(w.forgiven.begin(), w.forgiven.end()), w.forgiven.end());
  w.what.asked = std::move(stays);
  w.new_round = true;
  if (w.what.asked.empty()) remembering.erase(slot);
  refresh_waiter(slot, now);
  mark_waiter_fresh(slot);
  return true;
}

}  // namespace switchboard
