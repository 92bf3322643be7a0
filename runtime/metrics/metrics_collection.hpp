#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/metrics/metrics_page.hpp"

namespace switchboard::metrics {

/// Reads what it watches and puts it on the page. Runs on the thread of whoever asks for the text,
/// one at a time: it must be quick, and read only what may be read from any thread. An exception
/// costs its own samples.
using collector = std::function<void(page&)>;

/// What Prometheus scrapes. Nothing is measured between scrapes; who serves it is not known here.
/// Thread-safe.
class collection {
 public:
  void add(collector c);
  /// Every collector's samples, in Prometheus' text format (version 0.0.4).
  std::string text() const;
  static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

  std::vector<prometheus::MetricFamily> collect() const;

 private:
  mutable std::mutex lock_;
  std::vector<collector> all_;
  mutable std::uint64_t failures_ = 0, refused_ = 0;
};

}  // namespace switchboard::metrics
