#include "tools/switchboard-bench/dispatch_load.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/switchboard-bench/lag_watch.hpp"
#include "tools/switchboard-bench/latency_record.hpp"
#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {
namespace {

class dispatch_load {
 public:
  explicit dispatch_load(const dispatch_plan& plan)
      : plan_(plan), run_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count())) {}

  nlohmann::json run() {
    log_in();
    lag_watch lag(io_, plan_.control);
    if (plan_.waiting > 0) fill();
    auto began = steady::now();
    auto until = began + std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(plan_.seconds));
    if (plan_.waiting > 0) freed(began, until);
    else if (plan_.per_second > 0) paced(began, until);
    else closed_loop(until);
    auto took = micros_since(began) / 1e6;
    auto measured = closed_;
    stopping_ = true;
    while (!served_.empty()) close_next(steady::time_point{});
    run_until(io_, [&] { return closed_ + failed_ >= opened_; }, 30, "the last sessions");
    nlohmann::json result{{"seconds", took},     {"per_second", static_cast<double>(measured) / took}, {"opened", opened_},
                          {"assigned", assigned_}, {"closed", closed_}, {"failed", failed_}, {"latency", latency_.summary()},
                          {"projector", lag.summary()}};
    if (plan_.waiting > 0) result["decided"] = decided_.summary();
    return result;
  }

 private:
  void log_in() {
    int online = 0;
    for (int a = 0; a < plan_.agents; ++a) {
      auto id = "a" + std::to_string(a);
      auto c = connected(io_, plan_.port, {"agent", id, id});
      auto* raw = c.get();
      c->set_on_notification([this, raw](std::string_view method, const msgpack::object& params) { arrived(*raw, method, params); });
      c->call("agent.state", one_field("state", "online"), [&](const auto& ok) { online += ok.has_value(); });
      agents_.push_back(c);
    }
    run_until(io_, [&] { return online == plan_.agents; }, 20, "agents online");
    for (int i = 0; i < plan_.connections; ++i) lines_.push_back(connected(io_, plan_.port, {"channel", "bench", "bench"}));
  }

  void open(std::size_t line, steady::time_point scheduled) {
    codec::packer p;
    auto n = ++opened_;
    auto customer = "c" + run_ + "-" + std::to_string(n);
    p.map(3);
    codec::field(p, "request_id", "r1");
    codec::field(p.str("customer").map(1), "id", customer);
    codec::field(p, "intent", "g" + std::to_string(n % static_cast<std::uint64_t>(plan_.groups)));
    lines_[line]->call("session.open", p.take(), [this, scheduled, line](const auto& answer) {
      if (!answer) {
        ++failed_;
        if (plan_.per_second == 0 && !stopping_) open(line, steady::now());
        return;
      }
      std::string id(text_of(**answer, "session_id"));
      auto [it, fresh] = sessions_.try_emplace(id);
      it->second.scheduled = scheduled;
      it->second.line = line;
      if (!fresh) finish(id, it->second);
    });
  }

  struct session {
    steady::time_point scheduled{};
    std::size_t line = 0;
    steady::time_point assigned{};
    client::client_connection* agent = nullptr;
  };

  void arrived(client::client_connection& agent, std::string_view method, const msgpack::object& event) {
    if (method != "session.event") return;
    auto type = text_of(event, "type");
    if (type == "closed") closed_at_[&agent] = number_of(event, "at");
    if (type != "assigned") return;
    ++assigned_;
    if (auto it = closed_at_.find(&agent); it != closed_at_.end()) {
      decided_.add(1000 * (number_of(event, "at") - it->second));
      closed_at_.erase(it);
    }
    std::string id(text_of(event, "session_id"));
    // The assignment can overtake the answer to its open: whichever comes second goes on.
    auto [it, fresh] = sessions_.try_emplace(id);
    it->second.assigned = steady::now();
    it->second.agent = &agent;
    if (!fresh) finish(id, it->second);
  }

  void finish(const std::string& id, session& s) {
    if (s.agent == nullptr || s.scheduled == steady::time_point{}) return;
    if (plan_.waiting > 0) {
      if (auto it = freed_.find(s.agent); it != freed_.end()) {
        latency_.add(std::chrono::duration_cast<std::chrono::microseconds>(s.assigned - it->second).count());
        freed_.erase(it);
      }
      served_.push_back({s.agent, id, s.line});
      sessions_.erase(id);
      if (stopping_) close_next(steady::time_point{});
      return;
    }
    latency_.add(std::chrono::duration_cast<std::chrono::microseconds>(s.assigned - s.scheduled).count());
    auto line = s.line;
    s.agent->call("session.close", one_field("session_id", id), [this, line](const auto& answer) {
      answer ? ++closed_ : ++failed_;
      if (plan_.per_second == 0 && !stopping_) open(line, steady::now());
    });
    sessions_.erase(id);
  }

  // ---- agents always full, sessions always waiting

  struct service {
    client::client_connection* agent;
    std::string session;
    std::size_t line;
  };

  void fill() {
    auto all = plan_.agents * plan_.capacity + plan_.waiting;
    for (int n = 0; n < all; ++n) open(static_cast<std::size_t>(n) % lines_.size(), steady::now());
    auto full = static_cast<std::size_t>(plan_.agents * plan_.capacity);
    run_until(io_, [&] { return served_.size() >= full; }, 20, "every agent full");
  }

  void close_next(steady::time_point scheduled) {
    auto next = std::move(served_.front());
    served_.pop_front();
    if (scheduled != steady::time_point{}) freed_[next.agent] = scheduled;
    next.agent->call("session.close", one_field("session_id", next.session), [this, line = next.line](const auto& answer) {
      answer ? ++closed_ : ++failed_;
      if (!stopping_) open(line, steady::now());
    });
  }

  void freed(steady::time_point began, steady::time_point until) {
    auto gap = std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(1.0 / plan_.per_second));
    std::uint64_t n = 0;
    for (auto t = began; (t = steady::now()) < until;) {
      for (; began + gap * static_cast<std::int64_t>(n) <= t && !served_.empty(); ++n) {
        close_next(began + gap * static_cast<std::int64_t>(n));
      }
      io_.restart();
      io_.run_for(std::chrono::microseconds(200));
    }
  }

  void closed_loop(steady::time_point until) {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      for (int k = 0; k < plan_.outstanding; ++k) open(l, steady::now());
    }
    while (steady::now() < until) {
      io_.restart();
      io_.run_for(std::chrono::milliseconds(20));
    }
  }

  void paced(steady::time_point began, steady::time_point until) {
    auto gap = std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(1.0 / plan_.per_second));
    std::uint64_t n = 0;
    for (auto t = began; (t = steady::now()) < until;) {
      for (; began + gap * static_cast<std::int64_t>(n) <= t; ++n) open(n % lines_.size(), began + gap * static_cast<std::int64_t>(n));
      io_.restart();
      io_.run_for(std::chrono::microseconds(200));
    }
  }

  const dispatch_plan plan_;
  const std::string run_;
  boost::asio::io_context io_{1};
  std::vector<std::shared_ptr<client::client_connection>> agents_, lines_;
  std::unordered_map<std::string, session> sessions_;
  std::deque<service> served_;
  std::unordered_map<client::client_connection*, steady::time_point> freed_;
  std::unordered_map<client::client_connection*, std::int64_t> closed_at_;
  latency_record latency_, decided_;
  std::uint64_t opened_ = 0, assigned_ = 0, closed_ = 0, failed_ = 0;
  bool stopping_ = false;
};

}  // namespace

nlohmann::json run_dispatch(const dispatch_plan& plan) { return dispatch_load(plan).run(); }

}  // namespace switchboard::bench
