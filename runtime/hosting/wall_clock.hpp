#pragma once

#include "runtime/base/clock.hpp"

namespace switchboard {

/// The machine's clock, the only place that reads it for the actors. Thread-safe; never goes back (a stepped clock waits).
class wall_clock final : public clock_source {
 public:
  timestamp now() const override;
};

}  // namespace switchboard
