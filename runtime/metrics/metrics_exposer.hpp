#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/metrics/metrics_page.hpp"

namespace switchboard::metrics {

struct options {
  bool enabled = true;
  std::string address = "127.0.0.1";
  /// 0 takes any free port.
  int port = 9464;
};

/// Reads what it watches and puts it on the page. Runs on an HTTP thread, one at a time: it must be
/// quick, and read only what may be read from any thread. An exception costs its own samples.
using collector = std::function<void(page&)>;

/// `GET /metrics` for Prometheus, in its text format, and `GET /healthz` in the same. Nothing is
/// measured between scrapes. Thread-safe but for `start` and `stop`.
class exposer {
 public:
  exposer();
  /// Stops.
  ~exposer();
  exposer(const exposer&) = delete;
  exposer& operator=(const exposer&) = delete;

  void add(collector c);
  /// What /healthz says: little, and quickly, for it is asked every few seconds.
  void add_health(collector c);
  /// Fails when the port is taken. Does nothing where not enabled.
  result<void> start(const options& o);
  /// No collector runs when it returns, nor later.
  void stop();
  /// The port bound; 0 while none is.
  std::uint16_t port() const;

  /// What a scrape would get; for tests and status pages.
  std::vector<prometheus::MetricFamily> collect() const;

 private:
  class sources;
  class impl;
  std::shared_ptr<sources> sources_, health_;
  std::unique_ptr<impl> impl_;
};

}  // namespace switchboard::metrics
