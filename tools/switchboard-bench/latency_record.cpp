#include "tools/switchboard-bench/latency_record.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace switchboard::bench {

nlohmann::json latency_record::summary() {
  if (samples_.empty()) return {{"count", 0}};
  std::sort(samples_.begin(), samples_.end());
  auto at = [&](double q) {
    auto i = std::min(samples_.size() - 1,
                      static_cast<std::size_t>(q * static_cast<double>(samples_.size())));
    return samples_[i] / 1000.0;
  };
  return {{"count", samples_.size()},
          {"p50_ms", at(0.5)},
          {"p90_ms", at(0.9)},
          {"p99_ms", at(0.99)},
          {"max_ms", samples_.back() / 1000.0}};
}

}  // namespace switchboard::bench
