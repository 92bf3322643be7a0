#include "runtime/base/timer_wheel.hpp"

#include <algorithm>
#include <utility>

namespace switchboard {

timer_wheel::timer_wheel(timestamp now) : now_(tick_before(now)) {}

std::uint64_t timer_wheel::tick_before(timestamp t) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, unix_ms(t)) / tick.count());
}

void timer_wheel::arm(entry& e, timestamp when) {
  // Rounded up, so that nothing fires early; never in the tick already served.
  e.due_ = std::max(tick_after(when), now_ + 1);
  if (e.armed()) {
    if (e.looked_ <= e.due_) return;
    unlink(e);
  } else {
    ++size_;
  }
  place(e);
}

void timer_wheel::cancel(entry& e) {
  if (!e.armed()) return;
  unlink(e);
  --size_;
}

void timer_wheel::place(entry& e) {
  auto ahead = e.due_ - now_;
  int level = 0;
  while (level < levels - 1 && ahead >= (std::uint64_t{1} << (bits * (level + 1)))) ++level;
  // Past the last level's reach: parked at its far end, placed again when the wheel comes round.
  const auto horizon = (std::uint64_t{1} << (bits * levels)) - 1;
  const auto at = ahead > horizon ? now_ + horizon : e.due_;
  e.looked_ = at >> (bits * level) << (bits * level);
  auto& slot = slots_[static_cast<std::size_t>(level)][at >> (bits * level) & 255];
  e.next_ = slot;
  e.link_ = &slot;
  if (e.next_) e.next_->link_ = &e.next_;
  slot = &e;
}

void timer_wheel::unlink(entry& e) {
  *e.link_ = e.next_;
  if (e.next_) e.next_->link_ = e.link_;
  e.next_ = nullptr;
  e.link_ = nullptr;
}

void timer_wheel::cascade(int level) {
  auto& slot = slots_[static_cast<std::size_t>(level)][now_ >> (bits * level) & 255];
  for (auto* e = std::exchange(slot, nullptr); e;) {
    auto* next = e->next_;
    place(*e);
    e = next;
  }
}

void timer_wheel::advance(timestamp now, std::vector<entry*>& due) {
  auto target = tick_before(now);
  while (now_ < target && size_ > 0) {
    ++now_;
    for (int level = levels - 1; level > 0; --level) {
      if ((now_ & ((std::uint64_t{1} << (bits * level)) - 1)) == 0) cascade(level);
    }
    for (auto* e = std::exchange(slots_[0][now_ & 255], nullptr); e;) {
      auto* next = e->next_;
      if (e->due_ > now_) {
        place(*e);
      } else {
        e->next_ = nullptr;
        e->link_ = nullptr;
        due.push_back(e);
        --size_;
      }
      e = next;
    }
  }
  now_ = std::max(now_, target);
}

void timer_wheel::take_all(std::vector<entry*>& all) {
  for (auto& level : slots_) {
    for (auto& slot : level) {
      while (slot) {
        all.push_back(slot);
        unlink(*slot);
      }
    }
  }
  size_ = 0;
}

std::optional<timestamp> timer_wheel::sleep_until() const {
  if (size_ == 0) return {};
  // Up to the next cascade everything that can fall due lies in the lowest level.
  auto t = now_ + 1;
  while ((t & 255) != 0 && !slots_[0][t & 255]) ++t;
  return from_unix_ms(static_cast<std::int64_t>(t) * tick.count());
}

}  // namespace switchboard
