#pragma once

#include "runtime/base/wall_time.hpp"

namespace switchboard::simulation {

/// The clocks of a simulation. Time passes, through crashes too, and the test clocks of the actor
/// systems follow it; what the wall shows may be set at any moment. A process begins with its
/// running time as the wall's.
class virtual_clock final : public dated_clock {
 public:
  timestamp now() const override { return passed_ + running_ahead_; }
  timestamp wall() const override { return passed_ + wall_ahead_; }
  /// What really is, whoever sets what.
  timestamp truth() const { return passed_; }
  void advance(millis by) { passed_ += by; }
  void set_wall(millis by) { wall_ahead_ += by; }
  void begin_process() { running_ahead_ = wall_ahead_; }

 private:
  timestamp passed_ = from_unix_ms(1'790'913'600'000);  // 2026-10-02 04:00 UTC, a Friday
  millis running_ahead_{0}, wall_ahead_{0};
};

}  // namespace switchboard::simulation
