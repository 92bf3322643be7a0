#include <algorithm>
#include <functional>
#include <tuple>

#include "actors/skill_group/dispatcher_parts.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

using dispatcher::bin;
using dispatcher::nothing;

bool group_dispatcher::parts::dispatching(timestamp now) const {
  return is_open && (came >= expected || now >= wait_until);
}

dispatcher::agent_query group_dispatcher::parts::query_of(const dispatcher::waiter& w) const {
  return {w.signature, w.what.need.weight, w.what.asked.empty() ? nullptr : &w.what.asked};
}

bool group_dispatcher::parts::can_take(const dispatcher::agent_entry& a, std::uint32_t waiter) {
  auto& w = queue.at(waiter);
  return a.able && a.room() >= w.what.need.weight && may_use_room(a, waiter) &&
         fits.fits(w.signature, a.profile) && !query_of(w).has_asked(a.view.id);
}

dispatcher::chosen_agent group_dispatcher::parts::pick(std::uint32_t waiter, std::mt19937_64* rng,
                                                       std::vector<rejected_agent>* rejected) {
  auto& w = queue.at(waiter);
  auto q = query_of(w);
  dispatcher::chosen_agent chosen;
  if (w.bin == bin::none) return chosen;
  if (w.bin == bin::sticky) {
    auto slot = agents.find(w.what.sticky);
    // A place of one's own is kept for who is not even here.
    if (slot == nothing) return chosen;
    if (can_take(agents.at(slot), waiter)) agents.consider(q, slot, chosen);
    return chosen;
  }
  chosen = agents.choose(q, rng, rejected);
  for (auto& r : reserved) {
    if (can_take(agents.at(r.agent), waiter)) agents.consider(q, r.agent, chosen);
  }
  return chosen;
}

/// For an agent that asks, whoever has not been tried yet must be found too.
void group_dispatcher::parts::settle_fresh() {
  if (queue.all_settled()) return;
  for (auto& f : fresh_waiters) {
    if (queue.live(f.slot, f.generation)) queue.settle(f.slot);
  }
}

std::uint32_t group_dispatcher::parts::head_of(std::uint32_t agent, int more,
                                               dispatcher::place_entry limit) {
  auto& a = agents.at(agent);
  auto room = a.room() + more;
  if (!a.able || room < 1) return nothing;
  if (a.kept_for != nothing)
    limit = std::min(limit, dispatcher::place_entry{queue.at(a.kept_for).at, a.kept_for});
  std::uint32_t head = nothing;
  queue.for_each_sticky_to(a.view.id, [&](const dispatcher::place_entry& e) {
    if (limit < e) return false;
    auto& w = queue.at(e.slot);
    if (w.bin != bin::sticky || w.what.need.weight > room) return true;
    head = e.slot;
    limit = e;
    return false;
  });
  if (queue.pool_empty()) return head;
  auto in_pool = queue.first(fits.signatures_for(a.profile), room, limit, [&](std::uint32_t slot) {
    auto& asked = queue.at(slot).what.asked;
    return asked.empty() || std::find(asked.begin(), asked.end(), a.view.id) == asked.end();
  });
  return in_pool != nothing ? in_pool : head;
}

std::optional<match> group_dispatcher::parts::next_match(timestamp now, std::mt19937_64& rng) {
  if (!dispatching(now)) return {};
  advance(now);

  // The first fresh waiter somebody can take. Who finds nobody is no longer fresh: only an agent's
  // gain can help now.
  std::uint32_t waiter = nothing;
  dispatcher::chosen_agent chosen;
  std::vector<rejected_agent> rejected;
  while (!fresh_waiters.empty()) {
    auto f = fresh_waiters.front();
    if (queue.live(f.slot, f.generation)) {
      auto& w = queue.at(f.slot);
      if (w.fresh && w.fresh_mark == f.mark && w.bin != bin::none) {
        rejected.clear();
        chosen = pick(f.slot, &rng, &rejected);
        if (chosen.slot != nothing) {
          waiter = f.slot;
          break;
        }
        w.fresh = false;
        queue.settle(f.slot);
        block(f.slot);
      }
    }
    std::pop_heap(fresh_waiters.begin(), fresh_waiters.end(), std::greater<>{});
    fresh_waiters.pop_back();
  }

  auto by_agent = first_of_fresh_agents();
  if (by_agent != nothing && by_agent != waiter &&
      (waiter == nothing || queue.at(by_agent).at < queue.at(waiter).at)) {
    waiter = by_agent;
    rejected.clear();
    chosen = pick(waiter, &rng, &rejected);
    SB_INVARIANT(chosen.slot != nothing);
  }
  if (waiter == nothing) return {};
  return make_match(waiter, chosen, std::move(rejected), now);
}

/// The earliest of the heads of agents who gained. An agent stands in the heap with the head it had
/// when it was last looked at; heads only move back meanwhile (what comes in front is fresh
/// itself), so the top is looked at again until it holds.
std::uint32_t group_dispatcher::parts::first_of_fresh_agents() {
  while (!fresh_agents.empty()) {
    auto f = fresh_agents.front();
    auto& a = agents.at(f.slot);
    bool current = a.generation == f.generation && a.fresh && a.fresh_mark == f.mark;
    auto head = current ? head_of(f.slot) : nothing;
    dispatcher::place_entry at{head == nothing ? dispatcher::place{} : queue.at(head).at, head};
    if (head != nothing && at == f.at) return head;
    std::pop_heap(fresh_agents.begin(), fresh_agents.end(), std::greater<>{});
    fresh_agents.pop_back();
    if (head != nothing) {
      a.fresh_unlooked = false;
      bool first = fresh_agents.empty() || at < fresh_agents.front().at;
      fresh_agents.push_back({at, f.slot, f.generation, f.mark});
      std::push_heap(fresh_agents.begin(), fresh_agents.end(), std::greater<>{});
      if (first) return head;
    } else if (current) {
      a.fresh = a.fresh_unlooked = false;
    }
  }
  return nothing;
}

match group_dispatcher::parts::make_match(std::uint32_t waiter,
                                          const dispatcher::chosen_agent& chosen,
                                          std::vector<rejected_agent> rejected, timestamp now) {
  auto& w = queue.at(waiter);
  match m;
  m.who = w.what;
  m.agent = agents.at(chosen.slot).view.id;
  m.new_round = w.new_round;
  m.why.strategy = options.strategy;
  m.why.winner_key = chosen.key;
  if (chosen.runner_up != nothing) {
    m.why.runner_up = agents.at(chosen.runner_up).view.id;
    m.why.runner_up_key = chosen.runner_up_key;
  }
  m.why.rejected = std::move(rejected);
  if (w.bin == bin::sticky) {
    m.why.eligible = 1;
  } else {
    std::tie(m.why.eligible, m.why.eligible_is_exact) = agents.count(query_of(w));
    for (auto& r : reserved) {
      if (can_take(agents.at(r.agent), waiter)) ++m.why.eligible;
    }
  }
  propose(waiter, chosen.slot, now);
  return m;
}

}  // namespace switchboard
