#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "actors/skill_group/nothing.hpp"

namespace switchboard::dispatcher {

/// A tournament over numbered leaves (Knuth, TAOCP 3, 5.2.3): every node holds the least key below
/// it. Changing one leaf costs O(log n) and usually far less, since it stops where the winner stays
/// the same. A search walks down with a bound and whatever pruning the caller has per node. Nodes
/// are numbered as in a heap: root 1, children 2i and 2i+1, leaf l at capacity() + l; node masks
/// (node_mask.hpp) of equal capacity use the same numbers.
template <class Key> class winner_tree {
 public:
  struct node {
    Key key{};
    std::uint32_t leaf = nothing;
    bool empty() const { return leaf == nothing; }
  };

  /// `two_ended`: nodes know their greatest key too, for searches that begin in the middle.
  explicit winner_tree(bool two_ended) : two_ended_(two_ended) {}
  winner_tree() = default;

  std::uint32_t capacity() const { return capacity_; }
  bool empty() const { return capacity_ == 0 || at(1).empty(); }
  const node& root() const { return at(1); }
  const node& at(std::uint32_t i) const { return pairs_[i / 2].of[i % 2]; }
  const Key& greatest(std::uint32_t i) const { return greatest_[i]; }
  bool has(std::uint32_t leaf) const { return leaf < capacity_ && !at(capacity_ + leaf).empty(); }

  /// The best but the winner: the least of those the winner met on its way up (it beat each of
  /// them, and whoever is second best lost to nobody else). Empty where there is but one.
  node runner_up() const {
    node best;
    if (empty()) return best;
    for (auto i = capacity_ + root().leaf; i > 1; i /= 2) {
      auto& met = at(i ^ 1);
      if (beats(met, best)) best = met;
    }
    return best;
  }

  void set(std::uint32_t leaf, const Key& key) { set(leaf, key, key); }
  /// A leaf that stands for a tree of its own, from its least key to its greatest.
  void set(std::uint32_t leaf, const Key& least, const Key& greatest) {
    if (leaf >= capacity_) grow(leaf + 1);
    put(leaf, {least, leaf}, greatest);
  }
  void clear(std::uint32_t leaf) {
    if (has(leaf)) put(leaf, {}, {});
  }
  void grow(std::uint32_t leaves) {
    if (leaves <= capacity_) return;
    winner_tree bigger(two_ended_);
    bigger.capacity_ = std::bit_ceil(leaves);
    bigger.pairs_.resize(bigger.capacity_);
    if (two_ended_) bigger.greatest_.resize(2u * bigger.capacity_);
    for (std::uint32_t l = 0; l < capacity_; ++l) {
      if (!has(l)) continue;
      auto& n = at(capacity_ + l);
      bigger.put(l, n, two_ended_ ? greatest_[capacity_ + l] : n.key);
    }
    *this = std::move(bigger);
  }

 private:
  /// Two siblings, which are always compared with each other, in one cache line.
  struct alignas(64) pair {
    node of[2];
  };
  node& at(std::uint32_t i) { return pairs_[i / 2].of[i % 2]; }

  static bool beats(const node& a, const node& b) {
    if (a.empty() || b.empty()) return !a.empty();
    return a.key < b.key;
  }
  static bool same(const node& a, const node& b) {
    return a.leaf == b.leaf && (a.empty() || a.key == b.key);
  }
  void put(std::uint32_t leaf, const node& value, const Key& greatest) {
    auto i = capacity_ + leaf;
    at(i) = value;
    if (two_ended_) greatest_[i] = greatest;
    for (i /= 2; i > 0; i /= 2) {
      const pair& below = pairs_[i];
      const node& winner = below.of[beats(below.of[1], below.of[0]) ? 1 : 0];
      bool unchanged = same(at(i), winner);
      at(i) = winner;
      if (two_ended_) unchanged = raise(i) && unchanged;
      if (unchanged) return;
    }
  }
  /// True if the greatest key at `i` stays what it was.
  bool raise(std::uint32_t i) {
    auto& [l, r] = pairs_[i].of;
    Key key{};
    if (!l.empty()) key = greatest_[2 * i];
    if (!r.empty() && (l.empty() || key < greatest_[2 * i + 1])) key = greatest_[2 * i + 1];
    bool unchanged = key == greatest_[i];
    greatest_[i] = key;
    return unchanged;
  }

  bool two_ended_ = false;
  std::uint32_t capacity_ = 0;
  std::vector<pair> pairs_;
  std::vector<Key> greatest_;
};

}  // namespace switchboard::dispatcher
