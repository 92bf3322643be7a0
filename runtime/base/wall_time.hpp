#pragma once

#include <algorithm>

#include "runtime/base/clock.hpp"

/// The two times of a process (docs/decisions/0018). Running time, which clock_source::now() tells,
/// goes on at one pace whatever is done to the machine's clock: spans and deadlines are measured in
/// it. Wall time is what people and calendars read, and may be set in either direction: stamps are
/// taken from it. Both are equal when a process begins.
namespace switchboard {

/// A clock that knows the wall's time beside the running time. Thread-safe.
class dated_clock : public clock_source {
 public:
  virtual timestamp wall() const = 0;
};

/// The wall's time now; the running time where a clock has no other.
timestamp wall_time(const clock_source& clock);

/// When, in running time, the wall shows `at` unless it is set before. Whoever waits for a calendar
/// looks again when woken: the timers wake everybody when the wall's time is set.
timestamp running_time_of(const clock_source& clock, timestamp at);
/// What the wall shows at that running time, likewise.
timestamp wall_time_of(const clock_source& clock, timestamp running);

/// The time in which one thing lives from its birth to its end: it begins with the wall's and runs
/// at one pace, so that its spans are true whatever becomes of the wall's.
class own_time {
 public:
  /// `not_before`: of one that is taken up again, its latest stamp.
  explicit own_time(const clock_source& clock, timestamp not_before = {})
      : clock_(clock), ahead_(std::max(wall_time(clock), not_before) - clock.now()) {}

  timestamp now() const { return clock_.now() + ahead_; }
  /// The running time at which it is `own`.
  timestamp running(timestamp own) const { return own - ahead_; }
  /// How far the wall has been set ahead of it, or back (negative); less than half a second is
  /// none.
  millis behind_wall() const {
    constexpr millis same{500};
    const auto by = wall_time(clock_) - now();
    return std::chrono::abs(by) < same ? millis{0} : by;
  }

 private:
  const clock_source& clock_;
  millis ahead_;
};

}  // namespace switchboard
