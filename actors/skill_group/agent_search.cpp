#include <algorithm>

#include "actors/skill_group/agent_index.hpp"

namespace switchboard::desk {

/// Branch and bound for the best two: children are visited best first, and left out when nobody
/// below fits the signature or when nobody below can beat the second found so far.
struct agent_index::search {
  const agent_index& index;
  const agent_query& query;
  const weight_class& where;
  const node_mask& mask;
  std::vector<rejected_agent>* rejected;
  chosen_agent found{};
  std::uint32_t profile = nothing;

  bool worth(const choice_key& bound) const {
    return found.runner_up == nothing || bound < found.runner_up_key;
  }

  /// Nobody below node `i` ranks before this.
  choice_key bound(const tree& t, std::uint32_t i, int grade) const {
    auto key = t.at(i).key;
    if (index.rule_->graded) key.first = -grade;
    if (!index.rule_->cyclic) return key;
    if (t.greatest(i).third <= index.cursor_label_) {
      key.first = 1;  // all of them come after the wrap
    } else {
      key.third = std::max(key.third, index.cursor_label_ + 1);
    }
    return key;
  }

  void among_profiles(std::uint32_t i) {
    auto& t = where.heads;
    if (i >= t.capacity()) {
      profile = i - t.capacity();
      among_seats(where.seats[profile], 1, mask.grade(i));
      return;
    }
    auto l = 2 * i, r = 2 * i + 1;
    bool left = !t.at(l).empty() && mask.any(l), right = !t.at(r).empty() && mask.any(r);
    visit(left, right, left ? bound(t, l, mask.grade(l)) : choice_key{},
          right ? bound(t, r, mask.grade(r)) : choice_key{},
          [&](bool second) { among_profiles(second ? r : l); });
  }

  void among_seats(const tree& t, std::uint32_t i, int grade) {
    if (i >= t.capacity()) {
      offer(index.plans_[profile].slots[i - t.capacity()], bound(t, i, grade));
      return;
    }
    auto l = 2 * i, r = 2 * i + 1;
    bool left = !t.at(l).empty(), right = !t.at(r).empty();
    visit(left, right, left ? bound(t, l, grade) : choice_key{},
          right ? bound(t, r, grade) : choice_key{},
          [&](bool second) { among_seats(t, second ? r : l, grade); });
  }

  template <class Go>
  void visit(bool left, bool right, const choice_key& l, const choice_key& r, Go&& go) {
    bool right_first = right && (!left || r < l);
    if (right_first && worth(r)) go(true);
    if (left && worth(l)) go(false);
    if (right && !right_first && worth(r)) go(true);
  }

  void offer(std::uint32_t slot, const choice_key& key) {
    // Who stands in the tree of exactly this weight has the room: nothing to look up unless
    // somebody was asked.
    bool sure = where.weight == query.weight && !query.asked;
    if (!sure && !index.accepts(query, slot, rejected)) return;
    if (found.slot == nothing || key < found.key) {
      found.runner_up = found.slot;
      found.runner_up_key = found.key;
      found.slot = slot;
      found.key = key;
    } else if (found.runner_up == nothing || key < found.runner_up_key) {
      found.runner_up = slot;
      found.runner_up_key = key;
    }
  }
};

bool agent_index::accepts(const agent_query& q, std::uint32_t slot,
                          std::vector<rejected_agent>* rejected) const {
  auto& a = agents_[slot];
  auto why = clause::none;
  if (a.room() < q.weight) {
    why = clause::room;
  } else if (q.has_asked(a.view.id)) {
    why = clause::asked;
  }
  if (why == clause::none) return true;
  if (rejected && rejected->size() < decision::max_rejected) rejected->push_back({a.view.id, why});
  return false;
}

chosen_agent agent_index::choose(const agent_query& q, std::mt19937_64* rng,
                                 std::vector<rejected_agent>* rejected) {
  auto& c = classes_[class_of(q.weight)];
  c.heads.grow(fits_->profile_count());
  auto& mask = fits_->profiles_for(q.signature);
  if (c.heads.empty() || !mask.any(1)) return {};
  if (rule_->drawn && rng) {
    auto slot = draw(q, *rng, rejected);
    chosen_agent drawn;
    drawn.slot = slot;
    if (slot != nothing) drawn.key = agents_[slot].key;
    return drawn;
  }
  search s{*this, q, c, mask, rejected};
  s.among_profiles(1);
  return s.found;
}

// By rejection while many fit; where few do, by enumerating them. Uniform either way.
std::uint32_t agent_index::draw(const agent_query& q, std::mt19937_64& rng,
                                std::vector<rejected_agent>* rejected) {
  auto& c = classes_[class_of(q.weight)];
  auto& mask = fits_->profiles_for(q.signature);
  if (c.members.empty()) return nothing;
  std::uniform_int_distribution<std::size_t> any(0, c.members.size() - 1);
  for (int i = 0; i < 64; ++i) {
    auto slot = c.members[any(rng)];
    if (mask.has(agents_[slot].profile) && accepts(q, slot, nullptr)) return slot;
  }
  std::uint32_t kept = nothing;
  std::size_t seen = 0;
  for (std::uint32_t p = 0; p < c.seats.size(); ++p) {
    if (!mask.has(p) || c.counts[p] == 0) continue;
    for (std::uint32_t seat = 0; seat < plans_[p].slots.size(); ++seat) {
      if (!c.seats[p].has(seat) || !accepts(q, plans_[p].slots[seat], rejected)) continue;
      if (std::uniform_int_distribution<std::size_t>(0, seen++)(rng) == 0)
        kept = plans_[p].slots[seat];
    }
  }
  return kept;
}

choice_key agent_index::rank_of(const agent_entry& a, const requirement& need) const {
  auto key = rule_->key(facts_of(a));
  if (rule_->graded) key.first = -skill_grade(need, a.view.skills);
  if (rule_->cyclic && key.third <= cursor_label_) key.first = 1;
  return key;
}

void agent_index::consider(const agent_query& q, std::uint32_t slot, chosen_agent& among) {
  auto key = rank_of(agents_[slot], fits_->need_of(q.signature));
  if (among.slot == nothing || (!rule_->drawn && key < among.key)) {
    among.runner_up = among.slot;
    among.runner_up_key = among.key;
    among.slot = slot;
    among.key = key;
  } else if (among.runner_up == nothing || key < among.runner_up_key) {
    among.runner_up = slot;
    among.runner_up_key = key;
  }
}

std::pair<std::size_t, bool> agent_index::count(const agent_query& q) {
  auto index = class_of(q.weight);
  auto& c = classes_[index];
  auto& mask = fits_->profiles_for(q.signature);
  std::size_t n = 0, looked = 0;
  std::uint32_t counted_to = nothing;
  mask.each_leaf([&](std::uint32_t p) {
    if (looked++ == max_counted) {
      counted_to = p;
      return false;
    }
    if (p < c.counts.size()) n += c.counts[p];
    return true;
  });
  bool exact = counted_to == nothing && c.weight == q.weight;
  if (!q.asked) return {n, exact};
  for (auto& id : *q.asked) {
    auto slot = find(id);
    if (slot == nothing || agents_[slot].classes <= index) continue;
    auto p = agents_[slot].profile;
    if (mask.has(p) && p < counted_to && n > 0) --n;
  }
  return {n, exact};
}

}  // namespace switchboard::desk
