#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace switchboard::bench {

/// Latencies in microseconds, all kept (a run has some millions), for exact quantiles.
class latency_record {
 public:
  void add(std::int64_t micros) { samples_.push_back(static_cast<std::int32_t>(micros)); }
  std::size_t count() const { return samples_.size(); }
  /// {count, p50_ms, p90_ms, p99_ms, max_ms}; sorts.
  nlohmann::json summary();

 private:
  std::vector<std::int32_t> samples_;
};

}  // namespace switchboard::bench
