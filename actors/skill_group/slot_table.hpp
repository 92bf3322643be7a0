#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/skill_group/nothing.hpp"

namespace switchboard::dispatcher {

/// Finds the number of something by its hash: open addressing with linear probing and
/// backward-shift deletion (Knuth, TAOCP 3, 6.4 R). It holds numbers and hashes only; whose number
/// it is, the caller's `is` decides by looking at the thing itself, which it is about to use
/// anyway. One cache miss where a node-based map has three.
class slot_table {
 public:
  std::size_t size() const { return size_; }

  template <class Is> std::uint32_t find(std::uint64_t hash, Is&& is) const {
    if (cells_.empty()) return nothing;
    auto tag = tag_of(hash);
    for (auto i = tag & mask();; i = (i + 1) & mask()) {
      auto& c = cells_[i];
      if (c.slot == nothing) return nothing;
      if (c.tag == tag && is(c.slot)) return c.slot;
    }
  }

  /// `slot` must not be in it yet.
  void insert(std::uint64_t hash, std::uint32_t slot) {
    if (2 * (size_ + 1) > cells_.size()) grow();
    put({tag_of(hash), slot});
    ++size_;
  }

  void erase(std::uint64_t hash, std::uint32_t slot) {
    if (cells_.empty()) return;
    auto i = tag_of(hash) & mask();
    while (cells_[i].slot != slot) {
      if (cells_[i].slot == nothing) return;
      i = (i + 1) & mask();
    }
    --size_;
    for (auto j = (i + 1) & mask(); cells_[j].slot != nothing; j = (j + 1) & mask()) {
      auto home = cells_[j].tag & mask();
      // Moves back whatever the hole would cut off from its home.
      if (((j - home) & mask()) < ((j - i) & mask())) continue;
      cells_[i] = cells_[j];
      i = j;
    }
    cells_[i] = {};
  }

 private:
  struct cell {
    std::uint32_t tag = 0;
    std::uint32_t slot = nothing;
  };
  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>((hash * 0x9e3779b97f4a7c15ull) >> 32);
  }
  std::uint32_t mask() const { return static_cast<std::uint32_t>(cells_.size() - 1); }
  void put(cell c) {
    auto i = c.tag & mask();
    while (cells_[i].slot != nothing) i = (i + 1) & mask();
    cells_[i] = c;
  }
  void grow() {
    std::vector<cell> old(cells_.empty() ? 16 : 2 * cells_.size());
    old.swap(cells_);
    for (auto& c : old) {
      if (c.slot != nothing) put(c);
    }
  }

  std::vector<cell> cells_;
  std::size_t size_ = 0;
};

}  // namespace switchboard::dispatcher
