#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "adapters/center/center_client.hpp"

namespace switchboard::center {

/// A service's health as it is written by its thread and read by anybody. Thread-safe.
class service_record {
 public:
  explicit service_record(std::string place) {
    x_health.remote = true;
    x_health.place = std::move(place);
  }

  template <class Change>
  void change(Change change) {
    std::lock_guard hold(x_lock);
    change(x_health);
  }

  void trouble(const std::string& what, timestamp now) {
    change([&](center_health& h) {
      h.last_trouble = what;
      h.last_trouble_at = now;
    });
  }

  /// Of an answered call.
  void took(millis time) {
    std::lock_guard hold(x_lock);
    if (x_latest.size() < most_kept) {
      x_latest.push_back(time.count());
    } else {
      x_latest[x_next++ % most_kept] = time.count();
    }
  }

  center_health read() const {
    std::lock_guard hold(x_lock);
    auto out = x_health;
    auto sorted = x_latest;
    std::sort(sorted.begin(), sorted.end());
    auto at = [&](std::size_t percent) {
      return sorted.empty() ? 0 : sorted[(sorted.size() - 1) * percent / 100];
    };
    out.p50_ms = at(50);
    out.p99_ms = at(99);
    return out;
  }

 private:
  static constexpr std::size_t most_kept = 512;
  mutable std::mutex x_lock;
  center_health x_health;
  std::vector<std::int64_t> x_latest;
  std::size_t x_next = 0;
};

}  // namespace switchboard::center
