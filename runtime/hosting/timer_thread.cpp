#include "runtime/hosting/timer_thread.hpp"

#include <utility>

#include "runtime/base/thread_name.hpp"

namespace switchboard {

timer_thread::timer_thread(timer_service& timers, const clock_source& clock)
    : timers_(timers), clock_(clock) {
  timers_.nudge_by([this] { nudge(); });
  thread_ = std::thread([this] {
    name_this_thread("timers");
    run();
  });
}

/// The service may still be armed by actors that end later: it is not to nudge somebody who is
/// gone.
timer_thread::~timer_thread() {
  timers_.stop();
  {
    std::lock_guard hold(lock_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void timer_thread::nudge() {
  {
    std::lock_guard hold(lock_);
    nudged_ = true;
  }
  changed_.notify_one();
}

void timer_thread::run() {
  std::unique_lock held(lock_);
  while (!stopping_) {
    held.unlock();
    timers_.advance();
    const auto until = timers_.sleep_until();
    const auto span = until - clock_.now();
    held.lock();
    changed_.wait_for(held, span, [this] { return nudged_ || stopping_; });
    nudged_ = false;
  }
}

}  // namespace switchboard
