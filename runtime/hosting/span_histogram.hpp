#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace switchboard {

/// How often spans of which length came: two buckets for each doubling, from 64 ticks (20 to 60 ns)
/// to 2^38 (about a minute and a half at 3 GHz); what is shorter or longer goes into the first or
/// the last. Written by one thread, read by any.
class span_histogram {
 public:
  static constexpr std::size_t buckets = 64;
  static constexpr unsigned least_bit = 6;

  void note(std::uint64_t ticks) {
    auto& n = counts_[bucket_of(ticks)];
    n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::uint32_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }

  static constexpr std::size_t bucket_of(std::uint64_t ticks) {
    if (ticks < (std::uint64_t{1} << least_bit)) return 0;
    const auto top = static_cast<unsigned>(std::bit_width(ticks)) - 1;
    const auto half = (ticks >> (top - 1)) & 1;
    const std::size_t i = (top - least_bit) * 2 + half;
    return i < buckets ? i : buckets - 1;
  }
  /// The least span of a bucket, in ticks. Of the first it is 0.
  static constexpr std::uint64_t least_of(std::size_t bucket) {
    if (bucket == 0) return 0;
    const auto top = least_bit + static_cast<unsigned>(bucket / 2);
    return (std::uint64_t{1} << top) + (bucket % 2 ? std::uint64_t{1} << (top - 1) : 0);
  }

 private:
  std::array<std::atomic<std::uint32_t>, buckets> counts_{};
};

}  // namespace switchboard
