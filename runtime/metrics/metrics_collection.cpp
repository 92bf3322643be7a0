#include "runtime/metrics/metrics_collection.hpp"

#include <exception>

#include <prometheus/text_serializer.h>

namespace switchboard::metrics {

void collection::add(collector c) {
  std::lock_guard hold(x_lock);
  x_all.push_back(std::move(c));
}

std::vector<prometheus::MetricFamily> collection::collect() const {
  std::lock_guard hold(x_lock);
  page p;
  for (auto& c : x_all) {
    try {
      c(p);
    } catch (const std::exception&) {
      ++x_failures;
    }
  }
  x_refused += p.refused();
  p.counter("switchboard_metrics_failures_total", "Collectors that failed during a scrape.",
            static_cast<double>(x_failures));
  p.counter("switchboard_metrics_refused_total", "Samples with a bad name, type or labels.",
            static_cast<double>(x_refused));
  return p.take();
}

std::string collection::text() const {
  return prometheus::TextSerializer().Serialize(collect());
}

}  // namespace switchboard::metrics
