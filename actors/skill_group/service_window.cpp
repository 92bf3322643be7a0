#include "actors/skill_group/service_window.hpp"

namespace switchboard::dispatcher {
namespace {

std::int64_t minute_of(timestamp t) {
  return unix_ms(t) / 60'000;
}

}  // namespace

void service_window::add(timestamp now, std::uint32_t good, std::uint32_t all) {
  auto minute = minute_of(now);
  auto& b = buckets_[static_cast<std::size_t>(minute % minutes)];
  if (b.minute != minute) b = {minute, 0, 0};
  b.good += good;
  b.all += all;
}

std::optional<double> service_window::level(timestamp now) const {
  std::uint64_t good = 0, all = 0;
  for (auto& b : buckets_) {
    if (b.minute < 0 || b.minute <= minute_of(now) - minutes) continue;
    good += b.good;
    all += b.all;
  }
  if (all == 0) return {};
  return static_cast<double>(good) / static_cast<double>(all);
}

}  // namespace switchboard::dispatcher
