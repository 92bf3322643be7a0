#include "runtime/metrics/metrics_exposer.hpp"

#include <exception>
#include <mutex>

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

namespace switchboard::metrics {

/// The collectors, as prometheus-cpp wants them.
class exposer::sources final : public prometheus::Collectable {
 public:
  void add(collector c) {
    std::lock_guard hold(lock_);
    all_.push_back(std::move(c));
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
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

 private:
  mutable std::mutex lock_;
  std::vector<collector> all_;
  mutable std::uint64_t failures_ = 0, refused_ = 0;
};

class exposer::impl {
 public:
  explicit impl(const std::string& at) : server(at, 1) {}
  prometheus::Exposer server;
};

exposer::exposer() : sources_(std::make_shared<sources>()) {}
exposer::~exposer() {
  stop();
}

void exposer::add(collector c) {
  sources_->add(std::move(c));
}

result<void> exposer::start(const options& o) {
  if (!o.enabled) return {};
  if (impl_) return fail(errc::failed_precondition, "the metrics are served already");
  auto host = o.address.find(':') == o.address.npos ? o.address : '[' + o.address + ']';
  auto at = host + ':' + std::to_string(o.port);
  try {
    impl_ = std::make_unique<impl>(at);
  } catch (const std::exception&) {
    // What it throws says nothing more.
    return fail(errc::unavailable, "cannot serve metrics on " + at, "metrics.port");
  }
  impl_->server.RegisterCollectable(sources_);
  return {};
}

void exposer::stop() {
  if (!impl_) return;
  // Its end waits for a scrape under way.
  impl_.reset();
}

std::uint16_t exposer::port() const {
  if (!impl_) return 0;
  auto ports = impl_->server.GetListeningPorts();
  return ports.empty() ? 0 : static_cast<std::uint16_t>(ports.front());
}

std::vector<prometheus::MetricFamily> exposer::collect() const {
  return sources_->Collect();
}

}  // namespace switchboard::metrics
