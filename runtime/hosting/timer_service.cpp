#include "runtime/hosting/timer_service.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "runtime/base/wall_time.hpp"

namespace switchboard {
namespace {

/// Nobody sleeps: what is armed will be seen.
constexpr auto awake = std::numeric_limits<std::int64_t>::min();

millis wall_ahead_of_running(const clock_source& clock) {
  return wall_time(clock) - clock.now();
}

}  // namespace

timer_service::timer_service(const clock_source& clock, waker wake)
    : clock_(clock),
      wake_(wake),
      looked_(clock.now()),
      wall_ahead_(wall_ahead_of_running(clock)),
      nudge_before_(awake) {
  for (std::size_t i = 0; i < most_shards; ++i) shards_.emplace_back(looked_);
}

timer_service::~timer_service() {
  stop();
}

/// Spans do not depend on the wall's time, but whoever waits for an hour on it (a group that opens,
/// a day that ends) has reckoned with what it was.
bool timer_service::wall_was_set() {
  constexpr millis noticed{500};
  const auto ahead = wall_ahead_of_running(clock_);
  if (std::chrono::abs(ahead - wall_ahead_) < noticed) return false;
  wall_ahead_ = ahead;
  return true;
}

void timer_service::advance() {
  nudge_before_.store(awake, std::memory_order_relaxed);
  looked_ = clock_.now();
  const auto everybody = wall_was_set();
  const auto in_time = timer_wheel::tick_before(looked_ - 2 * timer_wheel::tick);
  std::uint64_t late = 0;
  for (auto& s : shards_) {
    due_.clear();
    fired_.clear();
    {
      std::lock_guard hold(s.lock);
      s.wheel.advance(looked_, due_);
      for (auto* e : due_) late += e->due() < in_time;
      if (everybody) s.wheel.take_all(due_);
      for (auto* e : due_) {
        auto& w = static_cast<waiting&>(*e);
        fired_.push_back({std::move(w.who), w.generation});
      }
    }
    for (auto& f : fired_) wake_(f.who, f.generation);
  }
  fired_.clear();
  if (late > 0) late_.fetch_add(late, std::memory_order_relaxed);
}

std::optional<timestamp> timer_service::first() const {
  std::optional<timestamp> first;
  for (auto& s : shards_) {
    std::lock_guard hold(s.lock);
    if (auto t = s.wheel.sleep_until()) first = first ? std::min(*first, *t) : *t;
  }
  return first;
}

std::optional<timestamp> timer_service::next_look() const {
  auto next = first();
  if (next) next = std::min(*next, looked_ + longest_sleep);
  return next;
}

/// What is armed while it looks for the first is either found, for its shard comes later, or armed
/// by somebody who sees that it is to nudge.
timestamp timer_service::sleep_until() {
  const auto longest = looked_ + longest_sleep;
  nudge_before_.store(unix_ms(longest), std::memory_order_relaxed);
  if (nudged_.exchange(false, std::memory_order_relaxed)) brisk_until_ = looked_ + brisk_for;
  auto until = std::min(first().value_or(longest), longest);
  if (looked_ < brisk_until_) until = std::min(until, looked_ + timer_wheel::tick);
  nudge_before_.store(unix_ms(until), std::memory_order_relaxed);
  return until;
}

void timer_service::stop() {
  std::vector<caf::strong_actor_ptr> kept;
  for (auto& s : shards_) {
    std::lock_guard hold(s.lock);
    s.stopped = true;
    std::vector<timer_wheel::entry*> all;
    s.wheel.take_all(all);
    for (auto* e : all) kept.push_back(std::move(static_cast<waiting&>(*e).who));
  }
}

std::size_t timer_service::armed() const {
  std::size_t n = 0;
  for (auto& s : shards_) {
    std::lock_guard hold(s.lock);
    n += s.wheel.size();
  }
  return n;
}

void timer_service::arm(waiting& w, caf::actor_control_block* who, timestamp when,
                        std::uint64_t generation) {
  auto& s = shard_of(who);
  std::lock_guard hold(s.lock);
  if (s.stopped) return;
  w.generation = generation;
  if (!w.armed()) w.who.reset(who);
  s.wheel.arm(w, when);
  if (unix_ms(when) < nudge_before_.load(std::memory_order_relaxed)) nudge(when);
}

/// With the shard's lock, so that after `stop` nobody is nudged any more.
void timer_service::nudge(timestamp when) {
  for (auto before = nudge_before_.load(std::memory_order_relaxed); unix_ms(when) < before;) {
    // Of several, one is enough.
    if (!nudge_before_.compare_exchange_weak(before, awake, std::memory_order_relaxed)) continue;
    nudged_.store(true, std::memory_order_relaxed);
    if (nudge_) nudge_();
    return;
  }
}

void timer_service::cancel(waiting& w, caf::actor_control_block* who) {
  caf::strong_actor_ptr kept;  // let go without the lock: it may be the last that keeps the actor
  auto& s = shard_of(who);
  std::lock_guard hold(s.lock);
  s.wheel.cancel(w);
  kept.swap(w.who);
}

void actor_timer::arm(timestamp when) {
  if (waits_ && when == when_) return;
  waits_ = true;
  when_ = when;
  service_.arm(waiting_, who_, when, ++generation_);
}

void actor_timer::cancel() {
  if (!std::exchange(waits_, false)) return;
  service_.cancel(waiting_, who_);
}

bool actor_timer::rang(std::uint64_t generation) {
  if (!waits_ || generation != generation_) return false;
  waits_ = false;
  return true;
}

}  // namespace switchboard
