#include "actors/directory/timekeeper_actor.hpp"

#include "runtime/base/timer_wheel.hpp"
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
        wheel_(services.clock.now()) {}

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
    due_.clear();
    wheel_.advance(services_.clock.now(), due_);
    for (auto slot : due_) {
      auto w = std::exchange(waiters_[slot], {});
      free_.push_back(slot);
      caf::anon_send(caf::actor_cast<caf::actor>(w.who), wake{w.generation});
    }
    sleep();
  }

  void sleep() {
    auto until = wheel_.sleep_until();
    if (!until || (asleep_until_ != timestamp{} && asleep_until_ <= *until)) return;
    asleep_until_ = *until;
    auto wait = std::max(millis{1}, *until - services_.clock.now());
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
  timer_wheel wheel_;
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
