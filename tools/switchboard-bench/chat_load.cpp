#include "tools/switchboard-bench/chat_load.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/switchboard-bench/lag_watch.hpp"
#include "tools/switchboard-bench/latency_record.hpp"
#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {
namespace {

class chat_load {
 public:
  explicit chat_load(const chat_plan& plan) : plan_(plan), window_(plan.window) {}

  nlohmann::json run() {
    log_in();
    open_sessions();
    lag_watch lag(io_, plan_.control);
    window_.start(steady::now());
    if (plan_.per_second > 0)
      paced(steady::now());
    else
      closed_loop();
    window_.close(steady::now());
    const auto measured = delivered_ - delivered_before_;
    stopping_ = true;
    run_until(
        io_, [&] { return acknowledged_ == sent_ && delivered_ == sent_; }, 20,
        "the last deliveries");
    return {{"seconds", window_.seconds()},
            {"per_second", static_cast<double>(measured) / window_.seconds()},
            {"sent", sent_},
            {"acknowledged", acknowledged_},
            {"delivered", delivered_},
            {"failed", failed_},
            {"cpu", window_.cpu_of_each(measured)},
            {"latency", latency_.summary()},
            {"projector", lag.summary()}};
  }

 private:
  struct line {
    std::shared_ptr<client::client_connection> connection;
    std::string session;
    std::deque<steady::time_point> under_way;
    std::uint64_t next = 0;
  };

  void log_in() {
    for (int a = 0; a < plan_.agents; ++a) {
      auto id = "a" + std::to_string(a);
      auto c = connected(io_, plan_.port, {"agent", id, id});
      c->set_on_notification([this](std::string_view method, const msgpack::object& params) {
        arrived(method, params);
      });
      if (plan_.real) {
        bool online = false;
        c->call("agent.state", one_field("state", "online"),
                [&](const auto& ok) { online = ok.has_value(); });
        run_until(
            io_, [&] { return online; }, 10, "agent.state");
      }
      agents_.push_back(c);
    }
    for (int i = 0; i < plan_.idle_connections; ++i)
      idle_.push_back(connected(io_, plan_.port, {"channel", "bench", "bench"}));
    for (int i = 0; i < plan_.connections; ++i)
      lines_.push_back({connected(io_, plan_.port, {"channel", "bench", "bench"}), {}, {}, 0});
  }

  void open_sessions() {
    int opened = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      auto& l = lines_[i];
      if (!plan_.real) {
        l.session = "s00bench" + std::to_string(1000 + i);
        by_session_[l.session] = &l;
        continue;
      }
      codec::packer p;
      p.map(2);
      codec::field(p, "request_id", "r" + std::to_string(i));
      codec::field(p.str("customer").map(1), "id",
                   "chat" + std::to_string(i) + "-" +
                       std::to_string(steady::now().time_since_epoch().count()));
      l.connection->call("session.open", p.take(), [&, this](const auto& answer) {
        if (!answer) throw std::runtime_error("session.open: " + answer.error().message);
        l.session = text_of(**answer, "session_id");
        by_session_[l.session] = &l;
        ++opened;
      });
    }
    if (plan_.real)
      run_until(
          io_, [&] { return opened == plan_.connections && assigned_ == plan_.connections; }, 20,
          "sessions served");
  }

  void arrived(std::string_view method, const msgpack::object& event) {
    if (method != "session.event") return;
    auto type = text_of(event, "type");
    if (type == "assigned") ++assigned_;
    if (type != "message") return;
    auto it = by_session_.find(std::string(text_of(event, "session_id")));
    if (it == by_session_.end() || it->second->under_way.empty()) return;
    ++delivered_;
    latency_.add(micros_since(it->second->under_way.front()));
    it->second->under_way.pop_front();
  }

  void send(line& l, steady::time_point scheduled) {
    codec::packer p;
    p.map(4);
    codec::field(p, "session_id", l.session);
    codec::field(p, "client_msg_id", "m" + std::to_string(++l.next));
    codec::field(p, "type", "text");
    p.str("body").map(1);
    codec::field(p, "text", std::string(200 - std::min<std::size_t>(190, p.size() + 8), 'x'));
    l.under_way.push_back(scheduled);
    ++sent_;
    l.connection->call("session.send", p.take(), [this, &l](const auto& answer) {
      ++acknowledged_;
      if (!answer) ++failed_;
      if (plan_.per_second == 0 && !stopping_) send(l, steady::now());
    });
  }

  /// False when the run is over.
  bool goes_on(steady::time_point now) {
    if (window_.opens(now)) {
      latency_ = {};
      delivered_before_ = delivered_;
    }
    return !window_.over(now);
  }

  void closed_loop() {
    for (auto& l : lines_) {
      for (int k = 0; k < plan_.outstanding; ++k) send(l, steady::now());
    }
    while (goes_on(steady::now())) {
      io_.restart();
      io_.run_for(std::chrono::milliseconds(20));
    }
  }

  void paced(steady::time_point began) {
    auto gap = std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(1.0 / plan_.per_second));
    std::uint64_t n = 0;
    for (auto t = began; goes_on(t = steady::now());) {
      while (began + gap * static_cast<std::int64_t>(n) <= t) {
        send(lines_[n % lines_.size()], began + gap * static_cast<std::int64_t>(n));
        ++n;
      }
      io_.restart();
      io_.run_for(std::chrono::microseconds(200));
    }
  }

  const chat_plan plan_;
  measured_window window_;
  boost::asio::io_context io_{1};
  std::vector<std::shared_ptr<client::client_connection>> agents_, idle_;
  std::deque<line> lines_;
  std::unordered_map<std::string, line*> by_session_;
  latency_record latency_;
  std::uint64_t sent_ = 0, acknowledged_ = 0, delivered_ = 0, failed_ = 0, delivered_before_ = 0;
  int assigned_ = 0;
  bool stopping_ = false;
};

}  // namespace

nlohmann::json run_chat(const chat_plan& plan) {
  return chat_load(plan).run();
}

}  // namespace switchboard::bench
