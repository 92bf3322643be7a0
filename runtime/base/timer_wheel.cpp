#include "runtime/base/timer_wheel.hpp"

#include <algorithm>
#include <utility>

namespace switchboard {

timer_wheel::timer_wheel(timestamp now) : now_(ticks_of(now)) {}

std::uint64_t timer_wheel::ticks_of(timestamp t) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, unix_ms(t)) / tick.count());
}

void timer_wheel::arm(token who, timestamp when) {
  // Rounded up, so that nothing fires early; never in the tick already served.
  auto due = std::max(ticks_of(when + tick - millis{1}), now_ + 1);
  place({who, due});
  ++size_;
}

void timer_wheel::place(entry e) {
  auto ahead = e.tick - now_;
  int level = 0;
  while (level < levels - 1 && ahead >= (std::uint64_t{1} << (bits * (level + 1)))) ++level;
  // Past the last level's reach: parked at its far end, placed again when the wheel comes round.
  auto horizon = (std::uint64_t{1} << (bits * levels)) - 1;
  auto at = ahead > horizon ? now_ + horizon : e.tick;
  slots_[static_cast<std::size_t>(level)][at >> (bits * level) & 255].push_back(e);
}

void timer_wheel::cascade(int level) {
  auto entries = std::exchange(slots_[static_cast<std::size_t>(level)][now_ >> (bits * level) & 255], {});
  for (auto& e : entries) place(e);
}

void timer_wheel::advance(timestamp now, std::vector<token>& due) {
  auto target = ticks_of(now);
  if (size_ == 0) {
    now_ = std::max(now_, target);
    return;
  }
  while (now_ < target) {
    ++now_;
    for (int level = levels - 1; level > 0; --level) {
      if ((now_ & ((std::uint64_t{1} << (bits * level)) - 1)) == 0) cascade(level);
    }
    auto entries = std::exchange(slots_[0][now_ & 255], {});
    for (auto& e : entries) {
      if (e.tick > now_) {
        place(e);
        continue;
      }
      due.push_back(e.who);
      --size_;
    }
    if (size_ == 0) {
      now_ = target;
      return;
    }
  }
}

std::optional<timestamp> timer_wheel::sleep_until() const {
  if (size_ == 0) return {};
  // Up to the next cascade everything that can fall due lies in the lowest level.
  auto t = now_ + 1;
  while ((t & 255) != 0 && slots_[0][t & 255].empty()) ++t;
  return from_unix_ms(static_cast<std::int64_t>(t) * tick.count());
}

}  // namespace switchboard
