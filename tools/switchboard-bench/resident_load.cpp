#include "tools/switchboard-bench/resident_load.hpp"

#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "tools/switchboard-bench/daemon_process.hpp"
#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {
namespace {

/// Customers with a session each, who say so many things. What the daemon refuses for the moment is
/// asked again.
class population {
 public:
  explicit population(std::uint16_t port, int agents = 0) : retry_(io_) {
    for (int i = 0; i < 16; ++i)
      lines_.push_back(connected(io_, port, {"channel", "bench", "bench"}));
    for (auto& l : lines_) l->set_on_notification([](auto, auto&) {});
    for (int a = 0; a < agents; ++a) {
      auto id = "a" + std::to_string(a);
      agents_.push_back(connected(io_, port, {"agent", id, id}));
      agents_.back()->set_on_notification([](auto, auto&) {});
      agents_.back()->call("agent.state", one_field("state", "online"), [](const auto&) {});
    }
  }

  /// Throws where nothing more comes of it.
  void open(int sessions, int messages, bool subscribe) {
    messages_ = messages;
    subscribe_ = subscribe;
    int started = 0, before = 0;
    constexpr int window = 2000;
    auto moved = steady::now();
    while (done_ < sessions) {
      while (started < sessions && started - done_ < window) open_one(started++);
      io_.restart();
      io_.run_for(std::chrono::milliseconds(5));
      if (std::exchange(before, done_) != done_) moved = steady::now();
      if (steady::now() - moved > std::chrono::seconds(60))
        throw std::runtime_error("timed out: sessions opened and talked in");
    }
  }

  int refused() const { return refused_; }
  boost::asio::io_context& io() { return io_; }
  std::shared_ptr<client::client_connection> line(int n) {
    return lines_[static_cast<std::size_t>(n) % lines_.size()];
  }

 private:
  void open_one(int n) {
    codec::packer p;
    p.map(2);
    codec::field(p, "request_id", "r1");
    codec::field(p.str("customer").map(3), "id", "resident" + std::to_string(n));
    codec::field(p, "name", "Customer " + std::to_string(n));
    codec::field(p, "phone", "138" + std::to_string(10'000'000 + n));
    line(n)->call("session.open", p.take(), [this, n](const auto& answer) {
      if (!answer) return again(answer.error(), [this, n] { open_one(n); });
      auto id = std::string(text_of(**answer, "session_id"));
      if (subscribe_) {
        codec::packer s;
        s.map(2);
        codec::field(s, "session_id", id);
        codec::field(s, "after", std::int64_t{0});
        line(n)->call("session.subscribe", s.view(), [](const auto&) {});
        if (agents_.empty()) line(n + 1)->call("session.subscribe", s.view(), [](const auto&) {});
      }
      talk(n, id, 0);
    });
  }

  void talk(int n, const std::string& id, int said) {
    if (said == messages_) {
      ++done_;
      return;
    }
    codec::packer p;
    p.map(4);
    codec::field(p, "session_id", id);
    codec::field(p, "client_msg_id", "m" + std::to_string(said));
    codec::field(p, "type", "text");
    codec::field(p.str("body").map(1), "text", std::string(120, 'x'));
    line(n)->call("session.send", p.take(), [this, n, id, said](const auto& answer) {
      if (!answer) return again(answer.error(), [this, n, id, said] { talk(n, id, said); });
      talk(n, id, said + 1);
    });
  }

  void again(const error& why, std::function<void()> what) {
    if (why.code != errc::resource_exhausted) throw std::runtime_error("refused: " + why.message);
    ++refused_;
    held_.push_back(std::move(what));
    if (held_.size() > 1) return;
    retry_.expires_after(std::chrono::milliseconds(50));
    retry_.async_wait([this](const auto&) {
      for (auto& call : std::exchange(held_, {})) call();
    });
  }

  boost::asio::io_context io_{1};
  boost::asio::steady_timer retry_;
  std::vector<std::function<void()>> held_;
  std::vector<std::shared_ptr<client::client_connection>> lines_, agents_;
  int done_ = 0, refused_ = 0, messages_ = 0;
  bool subscribe_ = false;
};

}  // namespace

nlohmann::json run_memory(daemon_process& daemon, int sessions, int messages) {
  auto before = daemon.anonymous_bytes();
  constexpr int agents = 500;
  population people(daemon.port(), agents);
  people.open(sessions, messages, true);
  auto busy = daemon.anonymous_bytes();
  // Idle sessions give back tail and keys after a minute, once the projector has passed them.
  auto lowest = busy;
  for (int i = 0; i < 100; ++i) {
    people.io().restart();
    people.io().run_for(std::chrono::seconds(1));
    lowest = std::min(lowest, daemon.anonymous_bytes());
  }
  return {{"sessions", sessions},
          {"messages_each", messages},
          {"refused", people.refused()},
          {"anonymous_before", before},
          {"bytes_each_busy", (busy - before) / static_cast<std::uint64_t>(sessions)},
          {"bytes_each_idle", (lowest - before) / static_cast<std::uint64_t>(sessions)}};
}

nlohmann::json run_recover(daemon_process& daemon, int sessions) {
  {
    population people(daemon.port());
    people.open(sessions, 1, false);
    // Killed under load: more calls are under way when it dies.
    for (int i = 0; i < 1000; ++i)
      people.line(i)->call("session.events", one_field("session_id", "x"), [](const auto&) {});
    daemon.kill_hard();
  }
  auto began = steady::now();
  auto ready = daemon.start();
  boost::asio::io_context io{1};
  auto agent = connected(io, daemon.port(), {"agent", "a0", "a0"});
  bool served = false;
  agent->set_on_notification([&](std::string_view method, const msgpack::object& event) {
    served = served || (method == "session.event" && text_of(event, "type") == "assigned");
  });
  agent->call("agent.state", one_field("state", "online"), [](const auto&) {});
  run_until(
      io, [&] { return served; }, 60, "the first dispatch");
  return {
      {"sessions", sessions}, {"ready_s", ready}, {"first_dispatch_s", micros_since(began) / 1e6}};
}

}  // namespace switchboard::bench
