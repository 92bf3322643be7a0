#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/clock.hpp"

namespace switchboard {

/// A hierarchical timer wheel (Varghese and Lauck, 1987): four levels of 256 slots at 8 ms and up, so that arming is
/// O(1) whatever is pending. Entries cannot be cancelled: the owner re-checks its own deadline when it is called, and arms
/// again if that has moved (lazy re-arming). Not thread-safe; one actor owns it.
class timer_wheel {
 public:
  using token = std::uint64_t;
  static constexpr millis tick{8};

  explicit timer_wheel(timestamp now);
  /// `who` will be among the answers of the first `advance` whose time is at or past `when`.
  void arm(token who, timestamp when);
  /// Appends to `due` every token whose time has come, in no particular order within one tick.
  void advance(timestamp now, std::vector<token>& due);
  std::size_t size() const { return size_; }
  /// A time not later than the first entry's, worth sleeping until; nothing when empty. Costs at most 256 looks.
  std::optional<timestamp> sleep_until() const;

 private:
  struct entry {
    token who;
    std::uint64_t tick;
  };
  static constexpr int levels = 4;
  static constexpr int bits = 8;
  static std::uint64_t ticks_of(timestamp t);
  void place(entry e);
  void cascade(int level);

  std::array<std::array<std::vector<entry>, 256>, levels> slots_;
  std::uint64_t now_;
  std::size_t size_ = 0;
};

}  // namespace switchboard
