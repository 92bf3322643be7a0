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
      : x_plan(how), x_port(port), x_method(std::move(method)), x_agents(agents) {}

  void run(const char* name) {
    for (int i = 0; i < x_agents; ++i) open("agent", [] {});
    for (int i = 0; i < x_plan.connections; ++i) {
      auto params = std::make_shared<std::string>(send_params(i));
      x_starts.push_back([this, params, at = x_agents + i] {
        for (int k = 0; k < x_plan.outstanding; ++k)
          send(*x_all[static_cast<std::size_t>(at)], params);
      });
      open("channel", [] {});
    }
    while (x_ready < x_plan.connections + x_agents) x_io.run_one();
    x_cpu = cpu_seconds();
    x_began = steady::now();
    x_until = x_began + std::chrono::duration_cast<steady::duration>(
                            std::chrono::duration<double>(x_plan.seconds));
    for (auto& start : x_starts) start();
    while (x_flying > 0) x_io.run_one();
    report(name);
    for (auto& c : x_all) c->close();
    x_io.run();
  }

 private:
  void open(std::string role, std::function<void()>) {
    client::connection_options o;
    o.port = x_port;
    x_all.push_back(client::client_connection::create(x_io, o));
    auto c = x_all.back();
    c->set_on_notification([this](std::string_view, const msgpack::object&) { ++x_delivered; });
    c->connect([this, c, role](const result<void>& how) {
      if (!how) std::abort();
      c->call("hello", client::pack_hello({role, "bench", ""}), [this](const auto& answer) {
        if (!answer) std::abort();
        ++x_ready;
      });
    });
  }
  void send(client::client_connection& c, const std::shared_ptr<std::string>& params) {
    ++x_flying;
    auto sent = steady::now();
    c.call(x_method, *params, [this, &c, params, sent](const auto& answer) {
      --x_flying;
      if (!answer) std::abort();
      auto now = steady::now();
      ++x_done;
      if (x_done % 16 == 0)
        x_latency.push_back(std::chrono::duration<double, std::milli>(now - sent).count());
      if (now < x_until) send(c, params);
    });
  }
  void report(const char* name) {
    auto took = std::chrono::duration<double>(steady::now() - x_began).count();
    std::sort(x_latency.begin(), x_latency.end());
    auto at = [&](double q) {
      return x_latency.empty()
                 ? 0
                 : x_latency[static_cast<std::size_t>(q * double(x_latency.size() - 1))];
    };
    std::printf(
        "{\"bench\": \"%s\", \"connections\": %d, \"outstanding\": %d, \"per_s\": %.0f, "
        "\"delivered_per_s\": %.0f, "
        "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"cpu_us_per_call\": %.3f}\n",
        name, x_plan.connections, x_plan.outstanding, double(x_done) / took,
        double(x_delivered) / took, at(0.5), at(0.99),
        (cpu_seconds() - x_cpu) * 1e6 / double(std::max<std::uint64_t>(1, x_done)));
    std::fflush(stdout);
  }

  plan x_plan;
  std::uint16_t x_port;
  std::string x_method;
  int x_agents;
  asio::io_context x_io{1};
  std::vector<std::shared_ptr<client::client_connection>> x_all;
  std::vector<std::function<void()>> x_starts;
  int x_ready = 0;
  int x_flying = 0;
  std::uint64_t x_done = 0;
  std::uint64_t x_delivered = 0;
  std::vector<double> x_latency;
  double x_cpu = 0;
  steady::time_point x_began, x_until;
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
