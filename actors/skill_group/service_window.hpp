#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "runtime/base/clock.hpp"

namespace switchboard::dispatcher {

/// Service level of the last 30 minutes, by the minute: accepted within the target / (accepted +
/// abandoned after it).
class service_window {
 public:
  void accepted(bool in_time, timestamp now) { add(now, in_time ? 1 : 0, 1); }
  void abandoned_late(timestamp now) { add(now, 0, 1); }
  std::optional<double> level(timestamp now) const;

 private:
  static constexpr std::int64_t minutes = 30;
  struct bucket {
    std::int64_t minute = -1;
    std::uint32_t good = 0, all = 0;
  };
  void add(timestamp now, std::uint32_t good, std::uint32_t all);

  std::array<bucket, minutes> buckets_{};
};

}  // namespace switchboard::dispatcher
