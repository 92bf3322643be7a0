#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

namespace switchboard::metrics {

/// Labels hold kinds, groups, channels: a bounded number of values, never ids of sessions or
/// people.
using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// What one scrape gathers. Samples of one name come together whoever gave them; their help and
/// type are those of the first. Not thread-safe.
class page {
 public:
  /// Rises only; by convention ends in _total.
  void counter(std::string_view name, std::string_view help, double value, labels by = {});
  void gauge(std::string_view name, std::string_view help, double value, labels by = {});

  /// Samples not taken: a name or label Prometheus would not read, another type than the first's,
  /// or the same labels twice. One bad line would spoil the scrape.
  std::uint64_t refused() const { return refused_; }
  std::vector<prometheus::MetricFamily> take();

 private:
  prometheus::ClientMetric* add(std::string_view name, std::string_view help,
                                prometheus::MetricType type, labels by);

  std::map<std::string, prometheus::MetricFamily, std::less<>> families_;
  std::uint64_t refused_ = 0;
};

}  // namespace switchboard::metrics
