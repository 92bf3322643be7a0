#include "runtime/metrics/metrics_exposer.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

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
  impl(const std::string& host, const std::string& at) : address(host), server(at, 1) {}
  std::string address;
  prometheus::Exposer server;
};

namespace {

void knock(const std::string& address, std::uint16_t port) {
  sockaddr_in four{};
  sockaddr_in6 six{};
  auto* at = reinterpret_cast<sockaddr*>(&four);
  socklen_t size = sizeof four;
  four.sin_family = AF_INET;
  four.sin_port = six.sin6_port = htons(port);
  six.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) != 1) {
    if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) != 1) return;
    at = reinterpret_cast<sockaddr*>(&six);
    size = sizeof six;
  }
  auto fd = ::socket(at->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  (void)::connect(fd, at, size);
  ::close(fd);
}

}  // namespace

exposer::exposer()
    : sources_(std::make_shared<sources>()), health_(std::make_shared<sources>()) {}
exposer::~exposer() {
  stop();
}

void exposer::add(collector c) {
  sources_->add(std::move(c));
}

void exposer::add_health(collector c) {
  health_->add(std::move(c));
}

result<void> exposer::start(const options& o) {
  if (!o.enabled) return {};
  if (impl_) return fail(errc::failed_precondition, "the metrics are served already");
  auto host = o.address.find(':') == o.address.npos ? o.address : '[' + o.address + ']';
  auto at = host + ':' + std::to_string(o.port);
  try {
    impl_ = std::make_unique<impl>(o.address, at);
  } catch (const std::exception&) {
    // What it throws says nothing more.
    return fail(errc::unavailable, "cannot serve metrics on " + at, "metrics.port");
  }
  impl_->server.RegisterCollectable(sources_);
  impl_->server.RegisterCollectable(health_, "/healthz");
  return {};
}

void exposer::stop() {
  if (!impl_) return;
  // Its end waits for a scrape under way. The listening thread looks up only every two seconds, or
  // when somebody connects.
  auto address = impl_->address;
  auto at = port();
  std::atomic<bool> over{false};
  std::thread ending([&] {
    impl_.reset();
    over = true;
  });
  while (!over) {
    knock(address, at);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ending.join();
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
