#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace switchboard::dispatcher {

/// Which leaves of a winner_tree come into question, with the same node numbers: a node's bit says
/// whether any leaf below it does, so that a search never descends in vain. Optionally each leaf
/// has a grade and a node the best below it.
class node_mask {
 public:
  std::uint32_t capacity() const { return capacity_; }
  bool any(std::uint32_t node) const { return words()[node / 64] >> (node % 64) & 1; }
  bool has(std::uint32_t leaf) const { return leaf < capacity_ && any(capacity_ + leaf); }
  /// 0 where nothing is graded.
  int grade(std::uint32_t node) const { return grades_.empty() ? 0 : grades_[node]; }

  void reset(std::uint32_t leaves, bool graded) {
    capacity_ = std::bit_ceil(leaves < 1 ? 1u : leaves);
    few_.fill(0);
    many_.assign(2 * capacity_ > 64 * few_.size() ? (2 * capacity_ + 63) / 64 : 0, 0);
    grades_.assign(graded ? 2u * capacity_ : 0, 0);
  }
  /// Leaves 64·i to 64·i + 63 as bits.
  std::uint64_t leaf_word(std::uint32_t i) const {
    auto from = capacity_ + 64 * i;
    if (from >= 2 * capacity_) return 0;
    auto word = words()[from / 64] >> (from % 64);
    return capacity_ < 64 ? word & ((std::uint64_t{1} << capacity_) - 1) : word;
  }
  /// Calls `f` with every leaf that has its bit, in order, until it answers false.
  template <class F> void each_leaf(F&& f) const {
    for (auto node = capacity_; node < 2 * capacity_;) {
      auto word = words()[node / 64] >> (node % 64);
      if (word == 0) {
        node = (node / 64 + 1) * 64;
        continue;
      }
      node += static_cast<std::uint32_t>(std::countr_zero(word));
      if (node >= 2 * capacity_ || !f(node - capacity_)) return;
      ++node;
    }
  }
  void set(std::uint32_t leaf, bool fits, int grade = 0) {
    auto i = capacity_ + leaf;
    write(i, fits, fits ? grade : 0);
    for (i /= 2; i > 0; i /= 2) {
      bool fits_below = any(2 * i) || any(2 * i + 1);
      int best = grades_.empty() ? 0 : std::max(grades_[2 * i], grades_[2 * i + 1]);
      if (any(i) == fits_below && this->grade(i) == best) return;
      write(i, fits_below, best);
    }
  }

 private:
  void write(std::uint32_t i, bool fits, int grade) {
    auto bit = std::uint64_t{1} << (i % 64);
    if (fits) {
      words()[i / 64] |= bit;
    } else {
      words()[i / 64] &= ~bit;
    }
    if (!grades_.empty()) grades_[i] = grade;
  }

  const std::uint64_t* words() const { return many_.empty() ? few_.data() : many_.data(); }
  std::uint64_t* words() { return many_.empty() ? few_.data() : many_.data(); }

  std::uint32_t capacity_ = 0;
  std::array<std::uint64_t, 2> few_{};  // up to 64 leaves need no memory of their own
  std::vector<std::uint64_t> many_;
  std::vector<int> grades_;
};

/// What changed among the leaves of one side, so that masks of the other side catch up when they
/// are next used, instead of every change touching every mask.
struct leaf_log {
  std::uint64_t epoch = 1;  // another epoch: start over
  std::vector<std::uint32_t> changed;

  void note(std::uint32_t leaf) {
    if (changed.size() >= 4096) restart();
    changed.push_back(leaf);
  }
  void restart() {
    ++epoch;
    changed.clear();
  }
};

}  // namespace switchboard::dispatcher
