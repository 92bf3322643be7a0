#include "runtime/hosting/worker_activity.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr double least_window_s = 0.9, forgotten_after_s = 10;

void add(const span_histogram& from, std::array<std::uint64_t, span_histogram::buckets>& to) {
  for (std::size_t i = 0; i < span_histogram::buckets; ++i) to[i] += from.count(i);
}

}  // namespace

std::vector<worker_activity::message_row> worker_activity::messages() const {
  std::vector<message_row> rows;
  const auto accounts = pool_.accounts();
  for (std::size_t k = 0; k < actor_kinds; ++k) {
    for (std::size_t m = 0; m < message_names::count(); ++m) {
      message_row row;
      row.kind = static_cast<actor_kind>(k);
      row.message = static_cast<message_names::number>(m);
      for (auto* account : accounts) {
        auto* cell = account->find(row.kind, row.message);
        if (!cell) continue;
        row.handled += cell->handled.load(std::memory_order_relaxed);
        row.failed += cell->failed.load(std::memory_order_relaxed);
        row.work += cell->work.load(std::memory_order_relaxed);
        add(cell->work_spans, row.work_spans);
        add(cell->wait_spans, row.wait_spans);
      }
      if (row.handled > 0) rows.push_back(row);
    }
  }
  return rows;
}

std::vector<worker_account::doing> worker_activity::doing() const {
  std::vector<worker_account::doing> all;
  for (auto* account : pool_.accounts()) all.push_back(account->now());
  return all;
}

worker_activity::window worker_activity::last_window(std::size_t limit) {
  const auto per_second = 1e9 / nanoseconds_per_tick();
  std::lock_guard hold(lock_);
  const auto now = ticks_now();
  const auto since = static_cast<double>(now - taken_at_) / per_second;
  if (taken_at_ == 0 || since >= least_window_s) {
    last_ = {};
    const bool counted = taken_at_ != 0 && since < forgotten_after_s;
    for (auto* account : pool_.accounts()) {
      account->watch_until(now + static_cast<std::uint64_t>(forgotten_after_s * per_second));
      auto part = account->take_busiest();
      if (counted) std::ranges::move(part, std::back_inserter(last_.actors));
    }
    if (counted) last_.length = now - taken_at_;
    taken_at_ = now;
    // One actor may have run on several threads.
    std::ranges::sort(last_.actors, {}, &busiest::entry::actor);
    auto end = last_.actors.begin();
    for (auto& e : last_.actors) {
      if (end != last_.actors.begin() && std::prev(end)->actor == e.actor) {
        std::prev(end)->work += e.work;
        std::prev(end)->messages += e.messages;
      } else {
        if (&*end != &e) *end = std::move(e);
        ++end;
      }
    }
    last_.actors.erase(end, last_.actors.end());
    std::ranges::sort(last_.actors, std::greater<>(), &busiest::entry::work);
  }
  auto shown = last_;
  if (shown.actors.size() > limit)
    shown.actors.erase(shown.actors.begin() + static_cast<std::ptrdiff_t>(limit),
                       shown.actors.end());
  return shown;
}

}  // namespace switchboard
