// What the edge costs by itself: the transport over a journal that is always durable and a service
// that only echoes, and the baseline (LMDB, delivery, no actors). Prints one JSON object for each.
//   transport_bench [connections outstanding seconds io_threads]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/channel/transport/tcp_server.hpp"
#include "adapters/client/client_connection.hpp"
#include "adapters/client/rpc_client.hpp"
#include "runtime/codec/pack.hpp"
#include "tests/bench/baseline_server.hpp"
#include "tests/e2e/transport/echo_service.hpp"
#include "tests/e2e/transport/fake_journal.hpp"

namespace asio = boost::asio;
using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

struct plan {
  int connections = 64;
  int outstanding = 16;
  double seconds = 3;
  unsigned io_threads = 1;
};

std::string send_params(int session) {
  codec::packer p;
  p.map(4);
  codec::field(p, "session_id", "s0001HZZZZZZZZZZZZZZZZZZZZ" + std::to_string(100 + session));
  codec::field(p, "client_msg_id", "m-0123456789");
  codec::field(p, "type", "text");
  p.str("body").map(1);
  codec::field(p, "text", std::string(200 - p.size() - 8, 'x'));
  return p.take();
}

/// Processor time of the whole process: client and server together. It says more than the rate
/// where the machine is shared.
double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

/// Keeps a fixed number of calls outstanding on each connection, all on this thread.
class load {
 public:
  load(plan how, std::uint16_t port, std::string method, int agents)
      : plan_(how), port_(port), method_(std::move(method)), agents_(agents) {}

  void run(const char* name) {
    for (int i = 0; i < agents_; ++i) open("agent", [] {});
    for (int i = 0; i < plan_.connections; ++i) {
      auto params = std::make_shared<std::string>(send_params(i));
      starts_.push_back([this, params, at = agents_ + i] {
        for (int k = 0; k < plan_.outstanding; ++k)
          send(*all_[static_cast<std::size_t>(at)], params);
      });
      open("channel", [] {});
    }
    while (ready_ < plan_.connections + agents_) io_.run_one();
    cpu_ = cpu_seconds();
    began_ = steady::now();
    until_ = began_ + std::chrono::duration_cast<steady::duration>(
                          std::chrono::duration<double>(plan_.seconds));
    for (auto& start : starts_) start();
    while (flying_ > 0) io_.run_one();
    report(name);
    for (auto& c : all_) c->close();
    io_.run();
  }

 private:
  void open(std::string role, std::function<void()>) {
    client::connection_options o;
    o.port = port_;
    all_.push_back(client::client_connection::create(io_, o));
    auto c = all_.back();
    c->set_on_notification([this](std::string_view, const msgpack::object&) { ++delivered_; });
    c->connect([this, c, role](const result<void>& how) {
      if (!how) std::abort();
      c->call("hello", client::pack_hello({role, "bench", ""}), [this](const auto& answer) {
        if (!answer) std::abort();
        ++ready_;
      });
    });
  }
  void send(client::client_connection& c, const std::shared_ptr<std::string>& params) {
    ++flying_;
    auto sent = steady::now();
    c.call(method_, *params, [this, &c, params, sent](const auto& answer) {
      --flying_;
      if (!answer) std::abort();
      auto now = steady::now();
      ++done_;
      if (done_ % 16 == 0)
        latency_.push_back(std::chrono::duration<double, std::milli>(now - sent).count());
      if (now < until_) send(c, params);
    });
  }
  void report(const char* name) {
    auto took = std::chrono::duration<double>(steady::now() - began_).count();
    std::sort(latency_.begin(), latency_.end());
    auto at = [&](double q) {
      return latency_.empty() ? 0
                              : latency_[static_cast<std::size_t>(q * double(latency_.size() - 1))];
    };
    std::printf(
        "{\"bench\": \"%s\", \"connections\": %d, \"outstanding\": %d, \"per_s\": %.0f, "
        "\"delivered_per_s\": %.0f, "
        "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"cpu_us_per_call\": %.3f}\n",
        name, plan_.connections, plan_.outstanding, double(done_) / took, double(delivered_) / took,
        at(0.5), at(0.99),
        (cpu_seconds() - cpu_) * 1e6 / double(std::max<std::uint64_t>(1, done_)));
    std::fflush(stdout);
  }

  plan plan_;
  std::uint16_t port_;
  std::string method_;
  int agents_;
  asio::io_context io_{1};
  std::vector<std::shared_ptr<client::client_connection>> all_;
  std::vector<std::function<void()>> starts_;
  int ready_ = 0;
  int flying_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t delivered_ = 0;
  std::vector<double> latency_;
  double cpu_ = 0;
  steady::time_point began_, until_;
};

void echo(const plan& how) {
  e2e::fake_journal journal;
  e2e::echo_service service;
  channel::transport_options o;
  o.port = 0;
  o.io_threads = how.io_threads;
  channel::tcp_server server(o, journal, service);
  if (auto started = server.start(); !started) std::exit(1);
  load(how, server.port(), "echo", 0).run("echo");
  server.stop();
}

void baseline(const plan& how) {
  auto directory = std::filesystem::temp_directory_path() / ("floor_" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  for (int agents : {0, 8}) {
    bench::baseline_server server(directory.string());
    if (auto started = server.start(); !started) std::exit(1);
    load(how, server.port(), "session.send", agents)
        .run(agents == 0 ? "floor, reply only" : "floor, reply and delivery");
    server.stop();
  }
  std::filesystem::remove_all(directory);
}

}  // namespace

int main(int argc, char** argv) {
  plan how;
  if (argc > 1) how.connections = std::atoi(argv[1]);
  if (argc > 2) how.outstanding = std::atoi(argv[2]);
  if (argc > 3) how.seconds = std::atof(argv[3]);
  if (argc > 4) how.io_threads = static_cast<unsigned>(std::atoi(argv[4]));
  echo(how);
  baseline(how);
  return 0;
}
