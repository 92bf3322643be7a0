#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// Results that several rules need, kept while one request passes through a rule set, each with
/// what it cost: a rule pays the same whether or not another one was there first.
/// Only slots in use are ever touched, so an empty memo is cheap however many slots it has.
class memo {
 public:
  struct entry {
    value result;
    std::uint64_t cost = 0;
  };

  explicit memo(std::uint32_t slots)
      : entries_{std::make_unique_for_overwrite<storage[]>(slots)}, used_((slots + 63) / 64) {
    filled_.reserve(std::min<std::uint32_t>(slots, 64));
  }
  memo(const memo&) = delete;
  memo& operator=(const memo&) = delete;
  ~memo() {
    for (const auto slot : filled_) std::destroy_at(at(slot));
  }

  const entry* find(std::uint32_t slot) const {
    return used_[slot / 64] >> (slot % 64) & 1 ? at(slot) : nullptr;
  }

  const entry& keep(std::uint32_t slot, value result, std::uint64_t cost) {
    auto* made = std::construct_at(at(slot), entry{std::move(result), cost});
    used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    filled_.push_back(slot);
    return *made;
  }

 private:
  struct alignas(entry) storage {
    std::byte bytes[sizeof(entry)];
  };
  entry* at(std::uint32_t slot) const { return reinterpret_cast<entry*>(&entries_[slot]); }

  std::unique_ptr<storage[]> entries_;
  std::vector<std::uint64_t> used_;
  std::vector<std::uint32_t> filled_;
};

}  // namespace switchboard::cel
