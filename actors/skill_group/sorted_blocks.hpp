#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace switchboard::dispatcher {

/// A sorted sequence with order statistics: blocks of at most 64 items, found by binary search over
/// their first possible values; ranks by a Fenwick tree over block sizes. A queue grows at its end
/// and shrinks at its front, and there both cost O(1) memory moved; everything else O(log n) and
/// one block. `T` is trivially copyable and totally ordered.
template <class T> class sorted_blocks {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& front() const { return blocks_.front().first(); }

  void insert(const T& x) {
    ++size_;
    if (blocks_.empty()) return add_block(0, x);
    auto b = block_of(x);
    auto& block = blocks_[b];
    bool at_end = block.last() < x;
    if (block.size() >= limit) {
      // A queue in arrival order keeps its blocks full; others split in half.
      if (at_end && b + 1 == blocks_.size()) return add_block(b + 1, x);
      split(b);
      b = block_of(x);
    }
    blocks_[b].insert(x);
    count(b, +1);
  }

  bool erase(const T& x) {
    if (blocks_.empty()) return false;
    auto b = block_of(x);
    if (!blocks_[b].erase(x)) return false;
    --size_;
    if (blocks_[b].size() == 0) {
      remove_block(b);
    } else if (b + 1 < blocks_.size() && blocks_[b].size() + blocks_[b + 1].size() <= limit / 4) {
      merge(b);
    } else {
      count(b, -1);
    }
    return true;
  }

  /// How many items are less than `x`.
  std::size_t rank(const T& x) const {
    if (blocks_.empty()) return 0;
    auto b = block_of(x);
    std::size_t before = blocks_[b].index(x);
    for (std::size_t i = b; i > 0; i &= i - 1) before += sums_[i];
    return before;
  }

  /// In order, until `f` answers false.
  template <class F> void scan(F&& f) const {
    for (auto& block : blocks_) {
      for (std::size_t i = block.head; i < block.items.size(); ++i) {
        if (!f(block.items[i])) return;
      }
    }
  }

 private:
  static constexpr std::size_t limit = 64;

  struct block_type {
    std::vector<T> items;
    std::size_t head = 0;  // items before it are gone

    std::size_t size() const { return items.size() - head; }
    const T& first() const { return items[head]; }
    const T& last() const { return items.back(); }
    auto begin() { return items.begin() + static_cast<std::ptrdiff_t>(head); }
    auto begin() const { return items.begin() + static_cast<std::ptrdiff_t>(head); }
    std::size_t index(const T& x) const {
      return static_cast<std::size_t>(std::lower_bound(begin(), items.end(), x) - begin());
    }
    void insert(const T& x) {
      auto i = index(x);
      if (i == 0 && head > 0) {
        items[--head] = x;
      } else {
        if (head >= limit) compact();
        items.insert(begin() + static_cast<std::ptrdiff_t>(i), x);
      }
    }
    bool erase(const T& x) {
      auto at = std::lower_bound(begin(), items.end(), x);
      if (at == items.end() || x < *at) return false;
      if (at == begin()) {
        ++head;
      } else {
        items.erase(at);
      }
      return true;
    }
    void compact() {
      items.erase(items.begin(), begin());
      head = 0;
    }
  };

  std::size_t block_of(const T& x) const {
    auto at = std::upper_bound(firsts_.begin() + 1, firsts_.end(), x);
    return static_cast<std::size_t>(at - firsts_.begin()) - 1;
  }
  void add_block(std::size_t b, const T& x) {
    block_type block;
    block.items.push_back(x);
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(b), std::move(block));
    firsts_.insert(firsts_.begin() + static_cast<std::ptrdiff_t>(b), x);
    if (b + 1 == blocks_.size()) {
      append_sum();
    } else {
      sum_up();
    }
  }
  void split(std::size_t b) {
    block_type upper;
    auto& lower = blocks_[b];
    lower.compact();
    auto middle = lower.items.begin() + limit / 2;
    upper.items.assign(middle, lower.items.end());
    lower.items.erase(middle, lower.items.end());
    T first = upper.first();
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(b) + 1, std::move(upper));
    firsts_.insert(firsts_.begin() + static_cast<std::ptrdiff_t>(b) + 1, first);
    sum_up();
  }
  void merge(std::size_t b) {
    auto& from = blocks_[b + 1];
    blocks_[b].items.insert(blocks_[b].items.end(), from.begin(), from.items.end());
    remove_block(b + 1);
  }
  void remove_block(std::size_t b) {
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(b));
    firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(b));
    sum_up();
  }
  void count(std::size_t b, int change) {
    for (std::size_t i = b + 1; i < sums_.size(); i += i & (~i + 1)) {
      sums_[i] += static_cast<std::uint32_t>(change);
    }
  }
  void sum_up() {
    sums_.assign(blocks_.size() + 1, 0);
    for (std::size_t i = 1; i < sums_.size(); ++i) {
      sums_[i] += static_cast<std::uint32_t>(blocks_[i - 1].size());
      auto parent = i + (i & (~i + 1));
      if (parent < sums_.size()) sums_[parent] += sums_[i];
    }
  }
  /// The Fenwick sum of a block just put at the end.
  void append_sum() {
    if (sums_.empty()) sums_.push_back(0);
    auto i = sums_.size();
    std::uint32_t sum = static_cast<std::uint32_t>(blocks_.back().size());
    for (std::size_t j = i - 1, stop = i & (i - 1); j > stop; j &= j - 1) sum += sums_[j];
    sums_.push_back(sum);
  }

  std::vector<block_type> blocks_;
  std::vector<T>
      firsts_;  // of every block the least value that may stand in it; the first's is unused
  std::vector<std::uint32_t> sums_;  // Fenwick, from 1
  std::size_t size_ = 0;
};

}  // namespace switchboard::dispatcher
