#include <algorithm>

#include "actors/skill_group/dispatcher_parts.hpp"

namespace switchboard {
namespace {

// The contract says sorted, each once, and at least one unit; the index relies on it.
queue_entry in_order(queue_entry tidy) {
  auto& skills = tidy.need.skills;
  if (!std::is_sorted(skills.begin(), skills.end())) std::sort(skills.begin(), skills.end());
  tidy.need.weight = std::max(tidy.need.weight, 1);
  if (tidy.asked.empty()) return tidy;
  std::vector<agent_id> once;
  for (auto& id : tidy.asked) {
    if (std::find(once.begin(), once.end(), id) == once.end()) once.push_back(std::move(id));
  }
  tidy.asked = std::move(once);
  return tidy;
}

bool holds(const std::vector<agent_id>& list, const agent_id& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

// What the session remembers, less what was forgiven with an earlier round. A list without some of
// the forgiven was cleared by the session itself and counts as it stands.
std::vector<agent_id> memory_after(const dispatcher::waiter& w, const queue_entry& told,
                                   bool& cleared) {
  cleared = std::any_of(w.forgiven.begin(), w.forgiven.end(),
                        [&](auto& id) { return !holds(told.asked, id); });
  if (cleared || w.forgiven.empty()) return told.asked;
  std::vector<agent_id> memory;
  for (auto& id : told.asked) {
    if (!holds(w.forgiven, id) || holds(w.what.asked, id) || id == told.handed_on_by)
      memory.push_back(id);
  }
  return memory;
}

}  // namespace

enter_outcome group_dispatcher::parts::enter(const queue_entry& told, timestamp now,
                                             admission how) {
  tick(now);
  if (auto slot = queue.find(told.session); slot != dispatcher::nothing) {
    update(slot, told, now);
    return enter_outcome::entered;
  }
  if (how == admission::fresh &&
      queue.size() >= static_cast<std::size_t>(std::max(options.queue_max, 0))) {
    return enter_outcome::full;
  }
  auto c = in_order(told);
  agents.learn_weight(c.need.weight);
  auto slot = queue.add(std::move(c));
  remember(slot);
  refresh_waiter(slot, now);
  return enter_outcome::entered;
}

void group_dispatcher::parts::update(std::uint32_t slot, const queue_entry& told, timestamp now) {
  tick(now);
  auto c = in_order(told);
  agents.learn_weight(c.need.weight);
  release_reservation(slot, now);
  set_due(slot, dispatcher::due_state::no);
  unblock(slot);
  auto& w = queue.at(slot);
  bool cleared = false;
  c.asked = memory_after(w, c, cleared);
  if (cleared) w.forgiven.clear();
  if (!c.asked.empty() || cleared) w.new_round = false;
  w.parked_until = {};
  queue.move_to(slot, dispatcher::bin::none);
  queue.replace(slot, std::move(c));
  remember(slot);
  refresh_waiter(slot, now);
}

void group_dispatcher::parts::leave(std::uint32_t slot, timestamp now) {
  tick(now);
  auto& w = queue.at(slot);
  if (w.proposed) {
    give_back(w.proposal, false, now);
    w.proposed = false;
    --proposed;
  }
  release_reservation(slot, now);
  set_due(slot, dispatcher::due_state::no);
  unblock(slot);
  remembering.erase(slot);
  queue.remove(slot);
}

/// Notes that the waiter's memory changed: its round may be over.
void group_dispatcher::parts::remember(std::uint32_t slot) {
  if (queue.at(slot).what.asked.empty()) {
    remembering.erase(slot);
  } else {
    remembering.insert(slot);
    rounds_to_check.push_back(slot);
  }
}

void group_dispatcher::parts::block(std::uint32_t slot) {
  auto& w = queue.at(slot);
  if (w.blocked || w.bin != dispatcher::bin::pool) return;
  w.blocked = true;
  ++blocked;
  if (blocked_with.size() < fits.signature_count()) blocked_with.resize(fits.signature_count());
  if (blocked_with[w.signature]++ == 0) {
    blocked_signatures.push_back(w.signature);
    backlog_changed = true;
  }
}

void group_dispatcher::parts::unblock(std::uint32_t slot) {
  auto& w = queue.at(slot);
  if (!w.blocked) return;
  w.blocked = false;
  --blocked;
  // The list is cleaned when it is next read.
  if (--blocked_with[w.signature] == 0) backlog_changed = true;
}

/// Before anything changes, so that it counts for the time that has passed. Each signature with
/// somebody blocked is looked at, hence once a second; also when a backlog begins.
void group_dispatcher::parts::count_backlog_agents(timestamp now) {
  constexpr millis at_most_every{1000};
  bool stale = backlog_changed || backlog_epoch != fits.online_epoch();
  if (!stale || (now - backlog_counted < at_most_every && backlog_agents > 0)) return;
  std::erase_if(blocked_signatures, [&](auto s) { return blocked_with[s] == 0; });
  std::ranges::sort(blocked_signatures);
  auto twice = std::ranges::unique(blocked_signatures);
  blocked_signatures.erase(twice.begin(), twice.end());
  backlog_agents = fits.online_for_any(blocked_signatures);
  backlog_changed = false;
  backlog_epoch = fits.online_epoch();
  backlog_counted = now;
}

void group_dispatcher::parts::tick(timestamp now) {
  if (blocked > 0) {
    count_backlog_agents(now);
  } else {
    backlog_agents = 0;
  }
  rate.advance(now, static_cast<double>(backlog_agents), blocked > 0);
}

}  // namespace switchboard
