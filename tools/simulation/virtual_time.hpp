#pragma once

#include "runtime/base/clock.hpp"

namespace switchboard::simulation {

/// The wall clock of a simulation. It goes on through crashes; the test clocks of the actor systems follow it.
class virtual_clock final : public clock_source {
 public:
  timestamp now() const override { return now_; }
  void advance(millis by) { now_ += by; }

 private:
  timestamp now_ = from_unix_ms(1'790'913'600'000);  // 2026-10-02 04:00 UTC, a Friday
};

}  // namespace switchboard::simulation
