#include "runtime/metrics/metrics_page.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace switchboard::metrics {

namespace {

// https://prometheus.io/docs/concepts/data_model/, without the colon, which is for rules.
bool well_named(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

prometheus::ClientMetric* page::add(std::string_view name, std::string_view help,
                                    prometheus::MetricType type, labels by) {
  prometheus::ClientMetric sample;
  bool good = well_named(name);
  for (auto& [label, value] : by) {
    good = good && well_named(label) && !label.starts_with("__") && valid_utf8(value);
    sample.label.push_back({std::string(label), std::string(value)});
  }
  std::sort(sample.label.begin(), sample.label.end());
  auto at = families_.find(name);
  if (good && at == families_.end()) {
    at =
        families_
            .emplace(name, prometheus::MetricFamily{std::string(name), std::string(help), type, {}})
            .first;
  }
  good = good && at->second.type == type &&
         std::ranges::none_of(at->second.metric, [&](auto& m) { return m.label == sample.label; });
  if (!good) {
    ++refused_;
    return nullptr;
  }
  return &at->second.metric.emplace_back(std::move(sample));
}

void page::counter(std::string_view name, std::string_view help, double value, labels by) {
  if (auto* m = add(name, help, prometheus::MetricType::Counter, by)) m->counter.value = value;
}

void page::gauge(std::string_view name, std::string_view help, double value, labels by) {
  if (auto* m = add(name, help, prometheus::MetricType::Gauge, by)) m->gauge.value = value;
}

std::vector<prometheus::MetricFamily> page::take() {
  std::vector<prometheus::MetricFamily> all;
  all.reserve(families_.size());
  for (auto& [name, family] : families_) all.push_back(std::move(family));
  families_.clear();
  return all;
}

}  // namespace switchboard::metrics
