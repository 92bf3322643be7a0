#include "adapters/center_http/center_service.hpp"

#include <deque>
#include <random>
#include <unordered_map>
#include <utility>

#include <boost/asio.hpp>

#include "adapters/center/row_source.hpp"
#include "adapters/center_http/service_record.hpp"
#include "runtime/base/wall_time.hpp"

namespace switchboard::center {
namespace {

namespace asio = boost::asio;

/// One question on its way, for all who asked it.
struct flight {
  flight(asio::io_context& io, std::string t, timestamp now)
      : target(std::move(t)), began(now), deadline(io), patience(io), pause(io) {}

  std::string target;
  timestamp began;
  std::vector<when_answered<document>> waiters;
  asio::steady_timer deadline, patience, pause;
  std::optional<circuit_breaker::leave> leave;
  int retries = 0;
  bool has_place = false;
  /// Who asks from now on is told what is kept, at once.
  bool out_of_patience = false;
  /// Answered, though its call may still be out.
  bool over = false;
};
using flight_ptr = std::shared_ptr<flight>;

struct verdict {
  attempt_outcome outcome = attempt_outcome::failed;
  document found;
  std::size_t bytes = 0;
  error why;
};

/// What an answer means for the one who asked.
verdict judge(const result<http_answer>& answer) {
  verdict v;
  auto failed = [&](std::string why) {
    v.why = {errc::unavailable, std::move(why), {}, {}, 0};
    return v;
  };
  if (!answer) {
    v.why = answer.error();
    if (v.why.code == errc::deadline_exceeded) v.outcome = attempt_outcome::timed_out;
    return v;
  }
  auto status = answer->status;
  if (status == 404 || status == 410) {
    v.outcome = attempt_outcome::answered;
    return v;
  }
  auto text = "the service answered " + std::to_string(status);
  if (status == 429 || status >= 500) return failed(text);
  if (status < 200 || status >= 300) {
    v.outcome = attempt_outcome::refused;
    return failed(text);
  }
  auto parsed = json_of(answer->body);
  if (!parsed) return failed("the service answered what is no JSON");
  v.outcome = attempt_outcome::answered;
  v.bytes = answer->body.size();
  v.found = std::make_shared<const nlohmann::json>(std::move(*parsed));
  return v;
}

class service final : public center_service, public std::enable_shared_from_this<service> {
 public:
  service(asio::io_context& io, const service_options& options, const clock_source& clock,
          std::uint64_t seed, std::shared_ptr<http_pool> pool)
      : io_(io),
        options_(options),
        clock_(clock),
        pool_(std::move(pool)),
        breaker_(options.breaker),
        cache_(options.cache),
        random_(seed),
        record_((options.pool.endpoint.tls ? "https://" : "http://") +
                options.pool.endpoint.authority() + options.pool.endpoint.prefix) {}

  void fetch(std::string target, freshness f, when_answered<document> then) override {
    asio::post(io_, [self = shared_from_this(), target = std::move(target), f,
                     then = std::move(then)]() mutable {
      self->ask(std::move(target), f, std::move(then));
    });
  }

  center_health health() const override { return record_.read(); }

 private:
  void ask(std::string target, freshness f, when_answered<document> then) {
    auto now = clock_.now();
    record_.change([](center_health& h) { ++h.asked; });
    auto kept = cache_.find(target, now);
    if (kept && kept->fresh && f == freshness::kept) {
      record_.change([](center_health& h) { ++h.from_cache; });
      return then({kept->value, kept->age});
    }
    auto [at, first] = flights_.try_emplace(target);
    if (!first) {
      at->second->waiters.push_back(std::move(then));
      if (at->second->out_of_patience) tell_stale(*at->second);
      return;
    }
    auto one = std::make_shared<flight>(io_, std::move(target), now);
    at->second = one;
    one->waiters.push_back(std::move(then));
    when(one->deadline, options_.deadline, one, [this](const flight_ptr& f) { out_of_time(f); });
    if (kept) {
      when(one->patience, options_.stale_after, one,
           [this](const flight_ptr& f) { f->out_of_patience = tell_stale(*f); });
    }
    board(one);
  }

  /// `then` after `wait`, unless the flight is over by then.
  template <class Then>
  void when(asio::steady_timer& timer, millis wait, const flight_ptr& f, Then then) {
    timer.expires_after(wait);
    timer.async_wait([self = shared_from_this(), f, then](const boost::system::error_code& ec) {
      if (!ec && !f->over) then(f);
    });
  }

  void board(const flight_ptr& f) {
    if (in_flight_ < options_.in_flight) return depart(f);
    if (waiting_.size() >= options_.waiting) {
      return keep_back(
          f, {errc::resource_exhausted, "too many calls wait for this center", {}, {}, 0});
    }
    waiting_.push_back(f);
    note_counts();
  }

  void depart(const flight_ptr& f) {
    f->leave = breaker_.admit(clock_.now());
    note_breaker();
    if (!f->leave) {
      return keep_back(f, {errc::unavailable, "the center fails: not asked for now", {}, {}, 0});
    }
    f->has_place = true;
    ++in_flight_;
    attempt(f);
  }

  millis left_of(const flight& f) const { return options_.deadline - (clock_.now() - f.began); }

  void attempt(const flight_ptr& f) {
    auto left = std::max(millis{1}, left_of(*f));
    auto headers =
        proof_of(options_.proof, options_.pool.endpoint.prefix + f->target, wall_time(clock_));
    auto sent = clock_.now();
    pool_->get(f->target, std::move(headers), left,
               [self = shared_from_this(), f, sent](const result<http_answer>& answer) {
                 self->came(f, judge(answer), sent);
               });
    note_counts();
  }

  void came(const flight_ptr& f, verdict v, timestamp sent) {
    if (f->over) return free_place(f);
    if (v.outcome == attempt_outcome::answered) record_.took(clock_.now() - sent);
    if (v.outcome != attempt_outcome::answered) record_.trouble(v.why.message, wall_time(clock_));
    auto again = next_attempt(options_.retry, v.outcome, f->retries, left_of(*f), random_());
    if (again && breaker_.state() == breaker_state::closed) {
      ++f->retries;
      record_.change([](center_health& h) { ++h.retries; });
      return when(f->pause, *again, f, [this](const flight_ptr& next) { attempt(next); });
    }
    land(f, std::move(v));
    free_place(f);
  }

  /// The call may still be out: its place is free when it has ended.
  void out_of_time(const flight_ptr& f) {
    std::erase(waiting_, f);
    bool pausing = f->has_place && f->pause.cancel() > 0;
    verdict v;
    v.outcome = attempt_outcome::timed_out;
    v.why = {errc::deadline_exceeded,
             "no answer within " + std::to_string(options_.deadline.count()) + " ms",
             {},
             {},
             0};
    record_.trouble(v.why.message, wall_time(clock_));
    land(f, std::move(v));
    if (pausing) free_place(f);
  }

  void keep_back(const flight_ptr& f, error why) {
    record_.change([](center_health& h) { ++h.kept_back; });
    verdict v;
    v.why = std::move(why);
    land(f, std::move(v));
  }

  /// Everybody is answered, by what came or by what was kept.
  void land(const flight_ptr& f, verdict v) {
    f->over = true;
    f->deadline.cancel();
    f->patience.cancel();
    flights_.erase(f->target);
    auto now = clock_.now();
    bool answered = v.outcome == attempt_outcome::answered;
    // Who refuses is alive.
    bool alive = answered || v.outcome == attempt_outcome::refused;
    if (f->leave) breaker_.finished(*f->leave, alive, now);
    note_breaker();
    record_.change([&](center_health& h) {
      h.answered += answered;
      h.timed_out += v.outcome == attempt_outcome::timed_out;
      h.refused += v.outcome == attempt_outcome::refused;
      h.failed += f->leave && v.outcome == attempt_outcome::failed;
    });
    if (answered) {
      cache_.put(f->target, v.found, v.bytes, now);
      for (auto& then : std::exchange(f->waiters, {})) then({v.found, millis{0}});
    } else if (!tell_stale(*f)) {
      for (auto& then : std::exchange(f->waiters, {})) then({tl::unexpected(v.why), millis{0}});
    }
    note_counts();
  }

  bool tell_stale(flight& f) {
    auto kept = cache_.find(f.target, clock_.now());
    if (!kept) return false;
    auto waiters = std::exchange(f.waiters, {});
    record_.change([&](center_health& h) { h.stale += waiters.size(); });
    for (auto& then : waiters) then({kept->value, kept->age});
    return true;
  }

  void free_place(const flight_ptr& f) {
    if (!std::exchange(f->has_place, false)) return;
    --in_flight_;
    while (in_flight_ < options_.in_flight && !waiting_.empty()) {
      auto next = waiting_.front();
      waiting_.pop_front();
      depart(next);
    }
    note_counts();
  }

  void note_breaker() {
    record_.change([&](center_health& h) {
      h.breaker = to_string(breaker_.state());
      h.breaker_since = breaker_.since();
      h.retry_at = breaker_.state() == breaker_state::open ? breaker_.retry_at() : timestamp{};
    });
  }

  void note_counts() {
    record_.change([&](center_health& h) {
      h.in_flight = in_flight_;
      h.waiting = waiting_.size();
      h.connections = pool_->connections();
      h.cached = cache_.size();
    });
  }

  asio::io_context& io_;
  const service_options options_;
  const clock_source& clock_;
  std::shared_ptr<http_pool> pool_;
  circuit_breaker breaker_;
  answer_cache<document> cache_;
  std::mt19937_64 random_;
  service_record record_;
  std::unordered_map<std::string, flight_ptr> flights_;
  std::deque<flight_ptr> waiting_;
  std::size_t in_flight_ = 0;
};

}  // namespace

result<std::shared_ptr<center_service>> make_center_service(asio::io_context& io,
                                                            const service_options& options,
                                                            const clock_source& clock,
                                                            std::uint64_t seed) {
  auto pool = make_http_pool(io, options.pool);
  if (!pool) return tl::unexpected(pool.error());
  return std::shared_ptr<center_service>(
      std::make_shared<service>(io, options, clock, seed, std::move(*pool)));
}

}  // namespace switchboard::center
