#include "runtime/metrics/metrics_collection.hpp"

#include <exception>

#include <prometheus/text_serializer.h>

namespace switchboard::metrics {

void collection::add(collector c) {
  std::lock_guard hold(lock_);
  all_.push_back(std::move(c));
}

std::vector<prometheus::MetricFamily> collection::collect() const {
  std::lock_guard hold(lock_);
  page p;
  for (auto& c : all_) {
    try {
      c(p);
    } catch (const std::exception&) {
      ++failures_;
    }
  }
  refused_ += p.refused();
  p.counter("switchboard_metrics_failures_total", "Collectors that failed during a scrape.",
            static_cast<double>(failures_));
  p.counter("switchboard_metrics_refused_total", "Samples with a bad name, type or labels.",
            static_cast<double>(refused_));
  return p.take();
}

std::string collection::text() const {
  return prometheus::TextSerializer().Serialize(collect());
}

}  // namespace switchboard::metrics
