#include <algorithm>
#include <bit>

#include "actors/skill_group/agent_index.hpp"

namespace switchboard::dispatcher {

/// Branch and bound for the best two: children are visited best first, and left out when nobody
/// below fits the signature or when nobody below can beat the second found so far.
struct agent_index::search {
  const agent_index& index;
  const agent_query& query;
  weight_class& where;
  const node_mask& mask;
  std::vector<rejected_agent>* rejected;
  chosen_agent found{};
  std::uint32_t profile = nothing;

  bool worth(const choice_key& bound) const {
    return found.runner_up == nothing || bound < found.runner_up_key;
  }

  /// Nobody from `least` to `greatest` ranks before this.
  choice_key bound(choice_key least, const choice_key& greatest, int grade) const {
    if (index.rule_->graded) least.first = -grade;
    if (!index.rule_->cyclic) return least;
    if (greatest.third <= index.cursor_label_) {
      least.first = 1;  // all of them come after the wrap
    } else {
      least.third = std::max(least.third, index.cursor_label_ + 1);
    }
    return least;
  }
  choice_key bound(const tree& t, std::uint32_t i, int grade) const {
    return bound(t.at(i).key, index.rule_->cyclic ? t.greatest(i) : choice_key{}, grade);
  }

  /// Who stands in the trees of exactly this weight has the room: nothing to look up unless
  /// somebody was asked.
  bool roomy() const { return where.weight() == query.weight && !query.asked; }
  /// Nobody is refused and the order is the trees' own, so that the fronts are the answer.
  bool sure() const { return roomy() && !index.rule_->cyclic; }

  void among_all(std::uint32_t profiles) {
    if (profiles > weight_class::few) {
      among_profiles(where.heads(profiles), 1);
    } else if (sure()) {
      for_each_front([&](std::uint32_t p) { best_two(p); });
    } else {
      among_few();
    }
  }

  /// Few profiles' fronts lie together: looking at each that fits is faster than any walk.
  template <class F> void for_each_front(F&& f) const {
    auto fronts = where.fronts();
    for (auto word = mask.leaf_word(0); word != 0; word &= word - 1) {
      auto p = static_cast<std::uint32_t>(std::countr_zero(word));
      if (p >= fronts.size()) return;
      if (fronts[p].best_slot != nothing) f(p);
    }
  }

  void best_two(std::uint32_t p) {
    auto& front = where.fronts()[p];
    auto grade = grade_of(p);
    if (auto key = bound(front.best, {}, grade); worth(key)) offer(front.best_slot, key);
    if (front.next_slot == nothing) return;
    if (auto key = bound(front.next, {}, grade); worth(key)) offer(front.next_slot, key);
  }

  /// Best first, until no profile left can have anybody before the second found.
  void among_few() {
    std::uint64_t left = ~std::uint64_t{0};
    for (;;) {
      std::uint32_t best = nothing;
      choice_key least;
      for_each_front([&](std::uint32_t p) {
        auto& front = where.fronts()[p];
        auto key = bound(front.best, front.next, grade_of(p));
        if ((left >> p & 1) == 0 || (best != nothing && !(key < least))) return;
        best = p;
        least = key;
      });
      if (best == nothing || !worth(least)) return;
      left &= ~(std::uint64_t{1} << best);
      profile = best;
      among_seats(where.seats(best), 1, grade_of(best));
    }
  }

  int grade_of(std::uint32_t p) const { return mask.grade(mask.capacity() + p); }

  void among_profiles(const tree& heads, std::uint32_t i) {
    if (i >= heads.capacity()) {
      profile = i - heads.capacity();
      if (sure()) {
        best_two(profile);
      } else {
        among_seats(where.seats(profile), 1, mask.grade(i));
      }
      return;
    }
    auto l = 2 * i, r = 2 * i + 1;
    bool left = !heads.at(l).empty() && mask.any(l), right = !heads.at(r).empty() && mask.any(r);
    visit(left, right, left ? bound(heads, l, mask.grade(l)) : choice_key{},
          right ? bound(heads, r, mask.grade(r)) : choice_key{},
          [&](bool second) { among_profiles(heads, second ? r : l); });
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
    if (!roomy() && !index.accepts(query, slot, rejected)) return;
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
  auto& mask = fits_->profiles_for(q.signature);
  if (!mask.any(1)) return {};
  if (rule_->drawn && rng) {
    auto slot = draw(q, *rng, rejected);
    chosen_agent drawn;
    drawn.slot = slot;
    if (slot != nothing) drawn.key = agents_[slot].key;
    return drawn;
  }
  search s{*this, q, c, mask, rejected};
  s.among_all(fits_->profile_count());
  return s.found;
}

// By rejection while many fit; where few do, by enumerating them. Uniform either way.
std::uint32_t agent_index::draw(const agent_query& q, std::mt19937_64& rng,
                                std::vector<rejected_agent>* rejected) {
  auto& c = classes_[class_of(q.weight)];
  auto& mask = fits_->profiles_for(q.signature);
  auto members = c.members();
  if (members.empty()) return nothing;
  std::uniform_int_distribution<std::size_t> any(0, members.size() - 1);
  for (int i = 0; i < 64; ++i) {
    auto slot = members[any(rng)];
    if (mask.has(agents_[slot].profile) && accepts(q, slot, nullptr)) return slot;
  }
  std::uint32_t kept = nothing;
  std::size_t seen = 0;
  for (std::uint32_t p = 0; p < c.fronts().size(); ++p) {
    if (!mask.has(p) || c.fronts()[p].count == 0) continue;
    for (std::uint32_t seat = 0; seat < plans_[p].slots.size(); ++seat) {
      if (!c.seats(p).has(seat) || !accepts(q, plans_[p].slots[seat], rejected)) continue;
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
    if (p < c.fronts().size()) n += c.fronts()[p].count;
    return true;
  });
  bool exact = counted_to == nothing && c.weight() == q.weight;
  if (!q.asked) return {n, exact};
  for (auto& id : *q.asked) {
    auto slot = find(id);
    if (slot == nothing || agents_[slot].classes <= index) continue;
    auto p = agents_[slot].profile;
    if (mask.has(p) && p < counted_to && n > 0) --n;
  }
  return {n, exact};
}

}  // namespace switchboard::dispatcher
