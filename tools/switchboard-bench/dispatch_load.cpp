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
      : plan_(plan),
        window_(plan.window),
        run_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count())) {}

  nlohmann::json run() {
    log_in();
    lag_watch lag(io_, plan_.control);
    if (plan_.waiting > 0) fill();
    const auto began = steady::now();
    window_.start(began);
    if (plan_.waiting > 0)
      freed(began);
    else if (plan_.per_second > 0)
      paced(began);
    else
      closed_loop();
    window_.close(steady::now());
    const auto measured = closed_ - closed_before_;
    end_all();
    nlohmann::json result{{"seconds", window_.seconds()},
                          {"per_second", static_cast<double>(measured) / window_.seconds()},
                          {"opened", opened_},
                          {"assigned", assigned_},
                          {"closed", closed_},
                          {"failed", failed_},
                          {"cpu", window_.cpu_of_each(measured)},
                          {"latency", latency_.summary()},
                          {"projector", lag.summary()}};
    if (plan_.messages > 0) result["messages_failed"] = unsaid_;
    if (plan_.waiting > 0) result["decided"] = decided_.summary();
    if (!slices_.empty()) result["slices"] = slices_;
    return result;
  }

 private:
  void log_in() {
    int online = 0;
    for (int a = 0; a < plan_.agents; ++a) {
      auto id = "a" + std::to_string(a);
      auto c = connected(io_, plan_.port, {"agent", id, id});
      auto* raw = c.get();
      c->set_on_notification([this, raw](std::string_view method, const msgpack::object& params) {
        arrived(*raw, method, params);
      });
      c->call("agent.state", one_field("state", "online"),
              [&](const auto& ok) { online += ok.has_value(); });
      agents_.push_back(c);
    }
    run_until(
        io_, [&] { return online == plan_.agents; }, 20, "agents online");
    for (int i = 0; i < plan_.connections; ++i)
      lines_.push_back(connected(io_, plan_.port, {"channel", "bench", "bench"}));
  }

  void open(std::size_t line, steady::time_point scheduled) {
    codec::packer p;
    auto n = ++opened_;
    auto customer = who_comes(n);
    p.map(3);
    codec::field(p, "request_id", "r" + std::to_string(n));
    codec::field(p.str("customer").map(1), "id", customer);
    codec::field(p, "intent", "g" + std::to_string(n % static_cast<std::uint64_t>(plan_.groups)));
    lines_[line]->call("session.open", p.take(),
                       [this, scheduled, line, customer](const auto& answer) {
                         if (!answer) {
                           ++failed_;
                           if (plan_.per_second == 0 && !stopping_) open(line, steady::now());
                           return;
                         }
                         std::string id(text_of(**answer, "session_id"));
                         auto [it, fresh] = sessions_.try_emplace(id);
                         it->second.scheduled = scheduled;
                         it->second.line = line;
                         it->second.customer = customer;
                         if (!fresh) finish(id, it->second);
                       });
  }

  /// A new customer, or one whose session is over.
  std::string who_comes(std::uint64_t n) {
    if (static_cast<int>(n % 100) < plan_.returning_percent && !gone_.empty()) {
      auto who = std::move(gone_.front());
      gone_.pop_front();
      return who;
    }
    return "c" + run_ + "-" + std::to_string(n);
  }

  struct session {
    std::string customer;
    steady::time_point scheduled{};
    std::size_t line = 0;
    steady::time_point assigned{};
    client::client_connection* agent = nullptr;
  };

  void arrived(client::client_connection& agent, std::string_view method,
               const msgpack::object& event) {
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

  struct service {
    client::client_connection* agent;
    std::string session;
    std::size_t line;
    std::string customer;
  };

  void finish(const std::string& id, session& s) {
    if (s.agent == nullptr || s.scheduled == steady::time_point{}) return;
    if (plan_.waiting > 0) {
      if (auto it = freed_.find(s.agent); it != freed_.end()) {
        latency_.add(
            std::chrono::duration_cast<std::chrono::microseconds>(s.assigned - it->second).count());
        freed_.erase(it);
      }
      served_.push_back({s.agent, id, s.line, {}});
      sessions_.erase(id);
      if (stopping_) close_next(steady::time_point{});
      return;
    }
    const auto waited =
        std::chrono::duration_cast<std::chrono::microseconds>(s.assigned - s.scheduled).count();
    latency_.add(waited);
    if (plan_.slice_seconds > 0) slice_latency_.add(waited);
    service served{s.agent, id, s.line, std::move(s.customer)};
    sessions_.erase(id);
    if (plan_.stay_seconds > 0)
      talks_.push_back({steady::now() + turn(), 0, std::move(served)});
    else
      close(std::move(served));
  }

  void close(service served) {
    auto* agent = served.agent;
    auto packed = one_field("session_id", served.session);
    agent->call("session.close", packed, [this, served = std::move(served)](const auto& answer) {
      answer ? ++closed_ : ++failed_;
      if (plan_.returning_percent > 0) gone_.push_back(served.customer);
      if (plan_.per_second == 0 && !stopping_) open(served.line, steady::now());
    });
  }

  // ---- sessions that last and are talked in

  /// From one message of a session to its next, and from the last to its end.
  steady::duration turn() const {
    return std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(plan_.stay_seconds / (plan_.messages + 1)));
  }

  struct talk {
    steady::time_point due;
    int said;
    service served;
  };

  /// Every turn is as long as any other, so whoever is due first stands first.
  void go_on_talking(steady::time_point now) {
    while (!talks_.empty() && talks_.front().due <= now) {
      auto next = std::move(talks_.front());
      talks_.pop_front();
      if (next.said == plan_.messages || stopping_) {
        close(std::move(next.served));
        continue;
      }
      codec::packer p;
      p.map(4);
      codec::field(p, "session_id", next.served.session);
      codec::field(p, "client_msg_id", "m" + std::to_string(next.said));
      codec::field(p, "type", "text");
      codec::field(p.str("body").map(1), "text", std::string(60, 'x'));
      auto& side = next.said % 2 == 0 ? *next.served.agent : *lines_[next.served.line];
      side.call("session.send", p.take(),
                [this](const auto& answer) { unsaid_ += answer ? 0 : 1; });
      talks_.push_back({next.due + turn(), next.said + 1, std::move(next.served)});
    }
  }

  // ---- agents always full, sessions always waiting

  void fill() {
    auto all = plan_.agents * plan_.capacity + plan_.waiting;
    for (int n = 0; n < all; ++n) open(static_cast<std::size_t>(n) % lines_.size(), steady::now());
    auto full = static_cast<std::size_t>(plan_.agents * plan_.capacity);
    run_until(
        io_, [&] { return served_.size() >= full; }, 20, "every agent full");
  }

  void close_next(steady::time_point scheduled) {
    auto next = std::move(served_.front());
    served_.pop_front();
    if (scheduled != steady::time_point{}) freed_[next.agent] = scheduled;
    next.agent->call("session.close", one_field("session_id", next.session),
                     [this, line = next.line](const auto& answer) {
                       answer ? ++closed_ : ++failed_;
                       if (!stopping_) open(line, steady::now());
                     });
  }

  void freed(steady::time_point began) {
    pace(began, [this](steady::time_point scheduled) {
      if (served_.empty()) return false;
      close_next(scheduled);
      return true;
    });
  }

  void paced(steady::time_point began) {
    pace(began, [this](steady::time_point scheduled) {
      open(opened_ % lines_.size(), scheduled);
      return true;
    });
  }

  /// Does one thing at each scheduled time, `per_second` times a second; what could not be done
  /// then is done late.
  template <class Do> void pace(steady::time_point began, Do one) {
    const auto gap = std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(1.0 / plan_.per_second));
    std::int64_t n = 0;
    for (auto t = began; goes_on(t = steady::now());) {
      while (began + gap * n <= t && one(began + gap * n)) ++n;
      go_on_talking(t);
      io_.restart();
      io_.run_for(std::chrono::microseconds(200));
    }
  }

  void closed_loop() {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      for (int k = 0; k < plan_.outstanding; ++k) open(l, steady::now());
    }
    while (goes_on(steady::now())) {
      io_.restart();
      io_.run_for(std::chrono::milliseconds(20));
    }
  }

  void end_all() {
    stopping_ = true;
    while (!served_.empty()) close_next(steady::time_point{});
    go_on_talking(steady::time_point::max());
    run_until(
        io_,
        [&] {
          go_on_talking(steady::time_point::max());
          return closed_ + failed_ >= opened_;
        },
        30, "the last sessions");
  }

  /// False when the run is over. Tells the window's slices as they end.
  bool goes_on(steady::time_point now) {
    if (window_.opens(now)) {
      latency_ = {};
      decided_ = {};
      closed_before_ = closed_;
      begin_slice(now);
    }
    const bool over = window_.over(now);
    const auto slice = std::chrono::duration<double>(now - slice_began_).count();
    if (plan_.slice_seconds > 0 && slice_began_ != steady::time_point{} &&
        (over || slice >= plan_.slice_seconds)) {
      const auto latency = slice_latency_.summary();
      slices_.push_back({{"per_second", static_cast<double>(closed_ - slice_closed_) / slice},
                         {"p99_ms", latency.value("p99_ms", 0.0)},
                         {"memory_bytes", plan_.memory ? plan_.memory() : 0}});
      begin_slice(now);
    }
    return !over;
  }

  void begin_slice(steady::time_point now) {
    slice_began_ = now;
    slice_closed_ = closed_;
    slice_latency_ = {};
  }

  const dispatch_plan plan_;
  measured_window window_;
  const std::string run_;
  boost::asio::io_context io_{1};
  std::vector<std::shared_ptr<client::client_connection>> agents_, lines_;
  std::unordered_map<std::string, session> sessions_;
  std::deque<service> served_;
  std::deque<talk> talks_;
  std::deque<std::string> gone_;  // customers whose session is over
  std::unordered_map<client::client_connection*, steady::time_point> freed_;
  std::unordered_map<client::client_connection*, std::int64_t> closed_at_;
  latency_record latency_, decided_, slice_latency_;
  nlohmann::json slices_ = nlohmann::json::array();
  steady::time_point slice_began_{};
  std::uint64_t opened_ = 0, assigned_ = 0, closed_ = 0, failed_ = 0, closed_before_ = 0,
                slice_closed_ = 0, unsaid_ = 0;
  bool stopping_ = false;
};

}  // namespace

nlohmann::json run_dispatch(const dispatch_plan& plan) {
  return dispatch_load(plan).run();
}

}  // namespace switchboard::bench
