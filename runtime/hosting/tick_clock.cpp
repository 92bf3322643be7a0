#include "runtime/hosting/tick_clock.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace switchboard {
namespace {

struct instant {
  std::chrono::steady_clock::time_point at;
  std::uint64_t ticks;
};
instant instant_now() {
  return {std::chrono::steady_clock::now(), ticks_now()};
}

const instant began = instant_now();

}  // namespace

double nanoseconds_per_tick() {
  using namespace std::chrono_literals;
  auto now = instant_now();
  if (now.at - began.at < 20ms) {
    std::this_thread::sleep_for(20ms - (now.at - began.at));
    now = instant_now();
  }
  const std::chrono::duration<double, std::nano> passed = now.at - began.at;
  return passed.count() / static_cast<double>(std::max<std::uint64_t>(now.ticks - began.ticks, 1));
}

}  // namespace switchboard
