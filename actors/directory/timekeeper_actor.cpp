#include "actors/directory/timekeeper_actor.hpp"

#include "runtime/base/timer_wheel.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

class timekeeper_body {
 public:
  static inline const char* name = "timekeeper";

  timekeeper_body(timekeeper_actor::pointer self, const timekeeper_services& services, std::string key)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(actor_kind::timekeeper, std::move(key))),
        wheel_(services.clock.now()),
        wall_ahead_(wall_ahead()) {}

  timekeeper_actor::behavior_type make_behavior() {
    return {
        [this](const arm_timer& m) { on_arm(m); },
        [this](const wake& m) { on_wake(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  struct waiter {
    caf::strong_actor_ptr who;
    std::uint64_t generation = 0;
  };

  void on_arm(const arm_timer& m) {
    probe_->note(services_.clock.now());
    if (!self_->current_sender()) return;
    std::uint64_t slot;
    if (free_.empty()) {
      slot = waiters_.size();
      waiters_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    waiters_[slot] = {self_->current_sender(), m.generation};
    wheel_.arm(slot, m.when);
    sleep();
  }

  void on_wake(const wake& m) {
    if (m.generation != generation_) return;
    asleep_until_ = {};
    if (wall_was_set()) return wake_everybody();
    due_.clear();
    wheel_.advance(services_.clock.now(), due_);
    for (auto slot : due_) {
      auto w = std::exchange(waiters_[slot], {});
      free_.push_back(slot);
      caf::anon_send(caf::actor_cast<caf::actor>(w.who), wake{w.generation});
    }
    sleep();
  }

  /// Spans do not depend on the wall's time, but whoever waits for an hour on it (a group that opens, a day that ends) has reckoned
  /// with what it was.
  bool wall_was_set() {
    constexpr millis noticed{500};
    const auto ahead = wall_ahead();
    if (std::chrono::abs(ahead - wall_ahead_) < noticed) return false;
    wall_ahead_ = ahead;
    return true;
  }

  /// Everybody looks at their deadlines again, and arms what is still to come. Rare: it costs one message for each.
  void wake_everybody() {
    wheel_ = timer_wheel(services_.clock.now());
    free_.clear();
    for (auto& w : std::exchange(waiters_, {})) {
      if (w.who) caf::anon_send(caf::actor_cast<caf::actor>(w.who), wake{w.generation});
    }
  }

  millis wall_ahead() const { return wall_time(services_.clock) - services_.clock.now(); }

  void sleep() {
    auto until = wheel_.sleep_until();
    if (!until || (asleep_until_ != timestamp{} && asleep_until_ <= *until)) return;
    // Not longer than it may take to notice that the wall's time was set.
    const auto now = services_.clock.now();
    asleep_until_ = std::min(*until, now + longest_sleep);
    auto wait = std::max(millis{1}, asleep_until_ - now);
    self_->delayed_send(self_, wait, wake{++generation_});
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(1).str("pending").uinteger(wheel_.size());
    m.reply.ok(0, p.take());
  }

  timekeeper_actor::pointer self_;
  const timekeeper_services& services_;
  std::shared_ptr<actor_probe> probe_;
  static constexpr millis longest_sleep{1'000};
  timer_wheel wheel_;
  millis wall_ahead_;
  std::vector<waiter> waiters_;
  std::vector<std::uint64_t> free_;
  std::vector<timer_wheel::token> due_;
  timestamp asleep_until_{};
  std::uint64_t generation_ = 0;
};

}  // namespace

timekeeper_actor spawn_timekeeper(caf::actor_system& system, const timekeeper_services& services, std::string name) {
  return system.spawn<hosted_actor<timekeeper_actor, timekeeper_body>>(std::cref(services), std::move(name));
}

}  // namespace switchboard
