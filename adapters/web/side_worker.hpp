#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "adapters/web/web_message.hpp"

namespace switchboard::web {

/// A thread beside the listener's, for answers that take a while, one after the other, so that they
/// hold up nobody who asks for something quick. A bounded queue. Thread-safe but for `stop`.
class side_worker {
 public:
  static constexpr std::size_t most_queued = 32;

  side_worker();
  /// Stops.
  ~side_worker();
  side_worker(const side_worker&) = delete;
  side_worker& operator=(const side_worker&) = delete;

  /// False where the queue is full: `work` will not run. Nor does it where `stop` comes before its
  /// turn.
  bool post(std::function<void()> work);
  /// Nothing runs when it returns, nor later.
  void stop();

 private:
  void run();

  std::mutex lock_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> work_;
  bool stopping_ = false;
  std::thread thread_;
};

/// A handler whose answer is made by the worker; "busy" (503) where too many wait for it. The
/// worker outlives it.
handler aside(side_worker& worker, std::function<response(const request&)> make);

}  // namespace switchboard::web
