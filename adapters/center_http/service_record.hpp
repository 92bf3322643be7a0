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
    health_.remote = true;
    health_.place = std::move(place);
  }

  template <class Change> void change(Change change) {
    std::lock_guard hold(lock_);
    change(health_);
  }

  void trouble(const std::string& what, timestamp now) {
    change([&](center_health& h) {
      h.last_trouble = what;
      h.last_trouble_at = now;
    });
  }

  /// Of an answered call.
  void took(millis time) {
    std::lock_guard hold(lock_);
    if (latest_.size() < most_kept) {
      latest_.push_back(time.count());
    } else {
      latest_[next_++ % most_kept] = time.count();
    }
  }

  center_health read() const {
    std::lock_guard hold(lock_);
    auto out = health_;
    auto sorted = latest_;
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
  mutable std::mutex lock_;
  center_health health_;
  std::vector<std::int64_t> latest_;
  std::size_t next_ = 0;
};

}  // namespace switchboard::center
