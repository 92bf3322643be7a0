#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "runtime/hosting/timer_service.hpp"

namespace switchboard {

/// Drives a timer service by the clock, on a thread of its own: at each tick while deadlines come
/// close together, once a second while none does. Made and ended by one thread; the service and its
/// clock outlive it.
class timer_thread {
 public:
  timer_thread(timer_service& timers, const clock_source& clock);
  timer_thread(const timer_thread&) = delete;
  timer_thread& operator=(const timer_thread&) = delete;
  /// Nobody is woken after it.
  ~timer_thread();

 private:
  void run();
  void nudge();

  timer_service& timers_;
  const clock_source& clock_;
  std::mutex lock_;
  std::condition_variable changed_;
  bool nudged_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace switchboard
