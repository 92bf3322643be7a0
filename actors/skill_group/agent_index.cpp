#include "actors/skill_group/agent_index.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"

namespace switchboard::dispatcher {

bool agent_query::has_asked(const agent_id& id) const {
  return asked && std::find(asked->begin(), asked->end(), id) != asked->end();
}

agent_index::agent_index(const strategy_rule& rule, eligibility_matrix& fits)
    : rule_(&rule), fits_(&fits) {
  learn_weight(1);
}

std::uint32_t agent_index::find(const agent_id& id) const {
  return slots_.find(std::hash<agent_id>{}(id), [&](std::uint32_t s) {
    auto& a = agents_[s];
    // What follows a look-up reads all of the entry; its lines are on their way while the id is
    // compared. With thousands of agents in many groups this wait is most of a change's cost.
    __builtin_prefetch(&a.key);
    __builtin_prefetch(&a.label);
    return a.view.id == id;
  });
}

std::uint32_t agent_index::add(const agent_id& id) {
  std::uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(agents_.size());
    agents_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
    auto generation = agents_[slot].generation;
    agents_[slot] = {};
    agents_[slot].generation = generation + 1;
  }
  auto& a = agents_[slot];
  a.view.id = id;
  a.view.rev = 0;
  a.member = true;
  auto rank = roster_.find(id);
  a.roster_rank = rank == roster_.end() ? INT64_MAX : rank->second;
  slots_.insert(std::hash<agent_id>{}(id), slot);
  auto at =
      std::lower_bound(by_id_.begin(), by_id_.end(), id,
                       [&](std::uint32_t s, const agent_id& i) { return agents_[s].view.id < i; });
  at = by_id_.insert(at, slot);
  put_label(static_cast<std::size_t>(at - by_id_.begin()));
  return slot;
}

void agent_index::remove(std::uint32_t slot) {
  auto& a = agents_[slot];
  place(slot, 0, a.key);
  leave_profile(slot);
  if (a.able && a.room_seen > 0) --available_;
  auto at =
      std::lower_bound(by_id_.begin(), by_id_.end(), a.label,
                       [&](std::uint32_t s, std::uint64_t l) { return agents_[s].label < l; });
  SB_INVARIANT(at != by_id_.end() && *at == slot);
  by_id_.erase(at);
  slots_.erase(std::hash<agent_id>{}(a.view.id), slot);
  auto generation = a.generation;
  a = {};
  a.generation = generation + 1;
  free_.push_back(slot);
}

// Labels leave gaps so that a newcomer gets one between its neighbours' without touching them.
void agent_index::put_label(std::size_t at) {
  auto below = at == 0 ? 0 : agents_[by_id_[at - 1]].label;
  auto above = at + 1 == by_id_.size() ? below + (2ull << 32) : agents_[by_id_[at + 1]].label;
  if (at + 1 != by_id_.size()) ++out_of_order_;
  if (above - below < 2 || above < below) {
    relabel();
    return;
  }
  agents_[by_id_[at]].label = below + (above - below) / 2;
  if (!cursor_.empty()) set_cursor(agent_id(cursor_));
  // Only the cyclic walk depends on leaves standing in the order of ids, and only for its speed.
  if (rule_->cyclic && out_of_order_ > 64 + by_id_.size() / 4) rebuild();
}

void agent_index::relabel() {
  std::uint64_t label = 0;
  for (auto slot : by_id_) agents_[slot].label = label += 1ull << 32;
  if (!cursor_.empty()) set_cursor(agent_id(cursor_));
  rebuild();
}

void agent_index::set_cursor_at(std::uint32_t slot) {
  cursor_ = agents_[slot].view.id;
  cursor_label_ = agents_[slot].label;
}

void agent_index::set_cursor(const agent_id& last) {
  cursor_ = last;
  auto above =
      std::upper_bound(by_id_.begin(), by_id_.end(), last,
                       [&](const agent_id& i, std::uint32_t s) { return i < agents_[s].view.id; });
  cursor_label_ = above == by_id_.begin() ? 0 : agents_[*(above - 1)].label;
}

void agent_index::enter_profile(std::uint32_t slot) {
  auto& a = agents_[slot];
  a.profile = fits_->acquire(profile{a.view.skills, a.view.capacity});
  if (plans_.size() <= a.profile) plans_.resize(a.profile + 1);
  auto& plan = plans_[a.profile];
  if (plan.vacant.empty()) {
    a.seat = static_cast<std::uint32_t>(plan.slots.size());
    plan.slots.push_back(slot);
  } else {
    a.seat = plan.vacant.back();
    plan.vacant.pop_back();
    plan.slots[a.seat] = slot;
  }
  if (a.online()) count_online(slot, +1);
}

void agent_index::leave_profile(std::uint32_t slot) {
  auto& a = agents_[slot];
  if (a.profile == nothing) return;
  if (a.online()) count_online(slot, -1);
  plans_[a.profile].slots[a.seat] = nothing;
  plans_[a.profile].vacant.push_back(a.seat);
  fits_->release_profile(a.profile);
  a.profile = a.seat = nothing;
}

void agent_index::count_online(std::uint32_t slot, int change) {
  fits_->came_online(agents_[slot].profile, change);
  online_ += static_cast<std::size_t>(change);
}

bool agent_index::set_view(std::uint32_t slot, const agent_view& view) {
  auto& a = agents_[slot];
  bool other_profile =
      a.profile == nothing || a.view.capacity != view.capacity || !(a.view.skills == view.skills);
  bool was_online = a.online();
  if (other_profile) {
    place(slot, 0, a.key);
    leave_profile(slot);
    a.view = view;
    // The contract says "by skill"; matching walks both lists and would silently miss what stands
    // out of order.
    if (!std::is_sorted(view.skills.begin(), view.skills.end())) {
      auto sorted = view.skills.items();
      std::sort(sorted.begin(), sorted.end());
      a.view.skills = std::move(sorted);
    }
    enter_profile(slot);
    return true;
  }
  if (!a.view.skills.same(view.skills)) a.view.skills = view.skills;
  a.view.rev = view.rev;
  a.view.status = view.status;
  a.view.used = view.used;
  a.view.last_assigned = view.last_assigned;
  a.view.online_since = view.online_since;
  a.view.assigned_today = view.assigned_today;
  if (a.online() == was_online) return false;
  count_online(slot, was_online ? -1 : +1);
  return true;
}

agent_facts agent_index::facts_of(const agent_entry& a) const {
  int pending = a.in_flight + a.settled;
  return {a.used(),
          a.view.capacity,
          pending > 0 ? std::max(a.view.last_assigned, a.proposed_at) : a.view.last_assigned,
          a.view.online_since,
          a.view.assigned_today + pending,
          a.label,
          a.roster_rank};
}

void agent_index::set_roster(std::span<const agent_id> best_first) {
  roster_.clear();
  for (auto& id : best_first) roster_.emplace(id, static_cast<std::int64_t>(roster_.size()));
  for (auto slot : by_id_) {
    auto rank = roster_.find(agents_[slot].view.id);
    agents_[slot].roster_rank = rank == roster_.end() ? INT64_MAX : rank->second;
  }
  rebuild();
}

std::size_t agent_index::class_of(int weight) const {
  std::size_t c = classes_.size() - 1;
  while (c > 0 && classes_[c].weight() > weight) --c;
  return c;
}

void agent_index::learn_weight(int weight) {
  auto at = std::lower_bound(classes_.begin(), classes_.end(), weight,
                             [](const weight_class& c, int w) { return c.weight() < w; });
  if (at != classes_.end() && at->weight() == weight) return;
  if (weight < 1 || classes_.size() >= max_classes) return;
  classes_.emplace(at, weight, *rule_);
  rebuild();
}

std::size_t agent_index::classes_for(const agent_entry& a) const {
  if (!a.able || a.kept_for != nothing) return 0;
  std::size_t classes = 0;
  while (classes < classes_.size() && classes_[classes].weight() <= a.room()) ++classes;
  return classes;
}

// Everybody leaves and sits down again in the order of ids: for a new weight class, a new roster,
// labels that ran out, and for the cyclic walk, which is fast only while leaves stand in that
// order.
void agent_index::rebuild() {
  for (auto slot : by_id_) leave_profile(slot);
  plans_.clear();
  fits_->tidy();
  for (auto& c : classes_) c = weight_class(c.weight(), *rule_);
  for (auto slot : by_id_) {
    auto& a = agents_[slot];
    enter_profile(slot);
    a.classes = 0;
    place(slot, classes_for(a), rule_->key(facts_of(a)));
  }
  out_of_order_ = 0;
}

bool agent_index::refresh(std::uint32_t slot, timestamp now) {
  auto& a = agents_[slot];
  bool could = a.able && a.room_seen > 0;
  bool had_classes = a.classes > 0;
  int room = a.room();
  a.able = a.online() && !a.distrusted && a.ramp_until <= now;
  bool can = a.able && room > 0;
  if (can != could) can ? ++available_ : --available_;
  bool gained = can && (!could || room > a.room_seen || !had_classes);
  a.room_seen = room;
  place(slot, classes_for(a), rule_->key(facts_of(a)));
  return gained;
}

void agent_index::place(std::uint32_t slot, std::size_t classes, const choice_key& key) {
  auto& a = agents_[slot];
  bool moved = key != a.key;
  a.key = key;
  for (std::size_t c = 0; c < classes; ++c) {
    if (moved || c >= a.classes) classes_[c].put(a.profile, a.seat, key, plans_[a.profile].slots);
  }
  for (std::size_t c = classes; c < a.classes; ++c)
    classes_[c].take(a.profile, a.seat, plans_[a.profile].slots);
  a.classes = static_cast<std::uint8_t>(classes);
}

}  // namespace switchboard::dispatcher
