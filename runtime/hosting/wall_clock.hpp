#pragma once

#include <cstdint>

#include "runtime/base/wall_time.hpp"

namespace switchboard {

/// The machine's clocks, the only place that reads them for the actors. Running time is
/// CLOCK_BOOTTIME, which no setting of the clock changes and which goes on while the machine is
/// suspended: who has waited through that has waited. Thread-safe.
class wall_clock final : public dated_clock {
 public:
  wall_clock();
  timestamp now() const override;
  timestamp wall() const override;

 private:
  /// What running time lacks of the wall's, as of the beginning.
  const std::int64_t ahead_ns_;
};

}  // namespace switchboard
