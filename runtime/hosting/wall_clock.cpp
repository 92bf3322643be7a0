#include "runtime/hosting/wall_clock.hpp"

#include <algorithm>
#include <atomic>

namespace switchboard {

timestamp wall_clock::now() const {
  static std::atomic<std::int64_t> latest{0};
  auto ms = std::chrono::time_point_cast<millis>(std::chrono::system_clock::now()).time_since_epoch().count();
  auto seen = latest.load(std::memory_order_relaxed);
  while (ms > seen && !latest.compare_exchange_weak(seen, ms, std::memory_order_relaxed)) {
  }
  return from_unix_ms(std::max(ms, seen));
}

}  // namespace switchboard
