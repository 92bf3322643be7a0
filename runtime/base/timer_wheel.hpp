#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/clock.hpp"

namespace switchboard {

/// A hierarchical timer wheel (Varghese and Lauck, 1987): four levels of 256 slots at 8 ms and up.
/// To arm, to move and to cancel is O(1) whatever is pending, and allocates nothing: the entries
/// are the owners' own, in lists that begin in the slots. Not thread-safe.
class timer_wheel {
 public:
  static constexpr millis tick{8};

  /// One deadline. It stays where it is while it is armed, and is not armed any more when it ends.
  class entry {
   public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    bool armed() const { return link_ != nullptr; }
    /// The tick it is, or was, armed for.
    std::uint64_t due() const { return due_; }

   private:
    friend class timer_wheel;
    entry* next_ = nullptr;
    entry** link_ = nullptr;    // what points here
    std::uint64_t due_ = 0;     // in ticks
    std::uint64_t looked_ = 0;  // its place is looked at then, not later than `due_`
  };

  explicit timer_wheel(timestamp now);
  /// `e` will be among those due at the first `advance` whose time is at or past `when`, or a tick
  /// later; no more at the time it was armed for before. To move it to a later time only writes
  /// that down: its place is found when the old one is looked at.
  void arm(entry& e, timestamp when);
  /// Of one that is not armed: nothing.
  void cancel(entry& e);
  /// Appends to `due` every entry whose time has come, in no particular order within one tick. They
  /// are not armed any more.
  void advance(timestamp now, std::vector<entry*>& due);
  /// All that are armed, whenever they are due, as in `advance`.
  void take_all(std::vector<entry*>& all);
  std::size_t size() const { return size_; }
  /// A time not later than the first entry's, worth sleeping until; nothing when empty. Costs at
  /// most 256 looks.
  std::optional<timestamp> sleep_until() const;

  /// The last tick at or before that time, and the first at or past it.
  static std::uint64_t tick_before(timestamp t);
  static std::uint64_t tick_after(timestamp t) { return tick_before(t + tick - millis{1}); }

 private:
  static constexpr int levels = 4;
  static constexpr int bits = 8;
  void place(entry& e);
  static void unlink(entry& e);
  void cascade(int level);

  std::array<std::array<entry*, 256>, levels> slots_{};
  std::uint64_t now_;
  std::size_t size_ = 0;
};

}  // namespace switchboard
