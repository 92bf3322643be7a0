#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>

namespace switchboard::whatif {

/// Spans of time counted in buckets whose width grows with the span: exact below 512 ms, within 0.1
/// % above. Bounded whatever is counted.
class wait_record {
 public:
  void add(std::int64_t ms) {
    ms = ms < 0 ? 0 : ms;
    if (!buckets_) buckets_ = std::make_unique<std::array<std::uint32_t, size>>();
    ++(*buckets_)[bucket_of(ms)];
    ++count_;
    sum_ms_ += ms;
    longest_ = ms > longest_ ? ms : longest_;
    if (ms > 0) ++above_zero_;
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t above_zero() const { return above_zero_; }
  std::int64_t longest_ms() const { return longest_; }
  double mean_ms() const {
    return count_ == 0 ? 0 : static_cast<double>(sum_ms_) / static_cast<double>(count_);
  }

  /// The span that a share of 0..1 does not exceed: the middle of its bucket.
  double quantile_ms(double share) const {
    if (count_ == 0) return 0;
    auto left = static_cast<std::uint64_t>(share * static_cast<double>(count_) + 0.5);
    left = left == 0 ? 1 : left;
    for (std::size_t b = 0; b < size; ++b) {
      const std::uint64_t here = (*buckets_)[b];
      if (left <= here) return middle_of(b);
      left -= here;
    }
    return static_cast<double>(longest_);
  }

 private:
  static constexpr int fine_bits = 9;
  static constexpr std::size_t fine = 1u << fine_bits;
  static constexpr int octaves = 32;  // up to 2^41 ms, seventy years
  static constexpr std::size_t size = fine * (octaves + 1);

  static std::size_t bucket_of(std::int64_t ms) {
    const auto u = static_cast<std::uint64_t>(ms);
    if (u < fine) return static_cast<std::size_t>(u);
    const int octave = std::bit_width(u) - fine_bits;  // from 1
    if (octave > octaves) return size - 1;
    return static_cast<std::size_t>(octave) * fine + (u >> (octave - 1) & (fine - 1));
  }
  static double middle_of(std::size_t b) {
    if (b < fine) return static_cast<double>(b);
    const auto octave = static_cast<int>(b / fine);
    const auto low = (fine + b % fine) << (octave - 1);
    const auto width = std::uint64_t{1} << (octave - 1);
    return static_cast<double>(low) + static_cast<double>(width - 1) / 2;
  }

  std::unique_ptr<std::array<std::uint32_t, size>> buckets_;
  std::uint64_t count_ = 0, above_zero_ = 0;
  std::int64_t sum_ms_ = 0, longest_ = 0;
};

}  // namespace switchboard::whatif
