#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"

namespace switchboard::store {

/// How much of a map was in use over the last days, an hour apart, and where that leads. A value.
class usage_history {
 public:
  static constexpr millis apart{3'600'000};
  static constexpr millis kept{8LL * 24 * 3'600'000};
  /// Less than this is no trend.
  static constexpr millis least{24LL * 3'600'000};

  /// Whether the latest sample is so old that another is due. A clock set back begins anew.
  bool due(timestamp now) const;
  void note(timestamp now, std::uint64_t used);
  /// In how many days `limit` bytes would be in use at the rate of the days that are known, from
  /// what is used now. Nothing where less than a day is known, or nothing grows.
  std::optional<double> days_until(std::uint64_t limit) const;

  std::string encode() const;
  /// Nothing is known where the bytes cannot be read.
  static usage_history decode(std::string_view bytes);

 private:
  struct sample {
    timestamp at;
    std::uint64_t used;
  };
  std::deque<sample> samples_;
};

}  // namespace switchboard::store
