#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace switchboard::cel {

/// What one evaluation may still spend. One unit is about one instruction, 16 bytes read or
/// written, or one list element touched, so a limit bounds time and memory together.
/// Not thread-safe; lives as long as one evaluation.
class budget {
 public:
  explicit budget(std::uint64_t limit) noexcept : limit_{limit}, left_{limit} {}

  /// Takes `units`; once this answers no, the evaluation is over and no operator absorbs that.
  bool charge(std::uint64_t units) noexcept {
    if (units > left_) {
      left_ = 0;
      exhausted_ = true;
      return false;
    }
    left_ -= units;
    return true;
  }
  bool charge_bytes(std::size_t bytes) noexcept { return charge(1 + bytes / 16); }

  bool exhausted() const noexcept { return exhausted_; }
  std::uint64_t used() const noexcept { return limit_ - left_; }

  static budget unlimited() noexcept { return budget{std::numeric_limits<std::uint64_t>::max()}; }

 private:
  std::uint64_t limit_;
  std::uint64_t left_;
  bool exhausted_ = false;
};

}  // namespace switchboard::cel
