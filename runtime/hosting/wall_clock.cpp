#include "runtime/hosting/wall_clock.hpp"

#include <ctime>

namespace switchboard {
namespace {

std::int64_t milliseconds_of(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return std::int64_t{t.tv_sec} * 1'000 + t.tv_nsec / 1'000'000;
}

}  // namespace

wall_clock::wall_clock() : ahead_ms_(milliseconds_of(CLOCK_REALTIME) - milliseconds_of(CLOCK_BOOTTIME)) {}

timestamp wall_clock::now() const {
  return from_unix_ms(milliseconds_of(CLOCK_BOOTTIME) + ahead_ms_);
}

timestamp wall_clock::wall() const {
  return from_unix_ms(milliseconds_of(CLOCK_REALTIME));
}

}  // namespace switchboard
