#include "runtime/hosting/wall_clock.hpp"

#include <ctime>

namespace switchboard {
namespace {

constexpr std::int64_t per_ms = 1'000'000;

std::int64_t nanoseconds_of(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// To the nanosecond, so that both clocks turn to a new millisecond at the same moment: else stamps
/// and the order of queues would differ by one. Of several tries the one in which least time passed
/// between the readings.
std::int64_t wall_ahead_of_running() {
  std::int64_t best = 0, least = 0;
  for (int i = 0; i < 16; ++i) {
    const auto before = nanoseconds_of(CLOCK_BOOTTIME);
    const auto wall = nanoseconds_of(CLOCK_REALTIME);
    const auto passed = nanoseconds_of(CLOCK_BOOTTIME) - before;
    if (i > 0 && passed >= least) continue;
    least = passed;
    best = wall - before - passed / 2;
  }
  return best;
}

}  // namespace

wall_clock::wall_clock() : ahead_ns_(wall_ahead_of_running()) {}

timestamp wall_clock::now() const {
  return from_unix_ms((nanoseconds_of(CLOCK_BOOTTIME) + ahead_ns_) / per_ms);
}

timestamp wall_clock::wall() const {
  return from_unix_ms(nanoseconds_of(CLOCK_REALTIME) / per_ms);
}

}  // namespace switchboard
