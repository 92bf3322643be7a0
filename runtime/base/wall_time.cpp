#include "runtime/base/wall_time.hpp"

namespace switchboard {

timestamp wall_time(const clock_source& clock) {
  auto* dated = dynamic_cast<const dated_clock*>(&clock);
  return dated ? dated->wall() : clock.now();
}

timestamp running_time_of(const clock_source& clock, timestamp at) {
  return clock.now() + (at - wall_time(clock));
}

timestamp wall_time_of(const clock_source& clock, timestamp running) {
  return wall_time(clock) + (running - clock.now());
}

}  // namespace switchboard
