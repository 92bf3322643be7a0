#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/password/attempt_limit.hpp"

namespace switchboard::password {

struct desk_options {
  /// At once, 19 MiB each: one core's worth of work whatever comes.
  unsigned threads = 1;
  /// Waiting besides; more are turned away.
  std::size_t most_waiting = 32;
  attempt_options attempts;
};

/// Hashes and checks passwords on threads of its own, few at once, and counts what was tried in
/// vain. Thread-safe. `stop` before whoever is called back ends.
class password_desk {
 public:
  enum class verdict : std::uint8_t { right, wrong, too_often, too_busy };
  /// From a thread of the desk, or from the caller's for `too_often` and `too_busy`. `wait`: of
  /// `too_often`.
  using on_checked = std::function<void(verdict, millis wait)>;
  using on_hashed = std::function<void(std::string hash)>;

  explicit password_desk(desk_options options = {});
  ~password_desk();
  password_desk(const password_desk&) = delete;
  password_desk& operator=(const password_desk&) = delete;

  /// An empty `hash` (no such account, or none by password) takes as long, and is wrong.
  void check(std::string account, std::string address, std::string secret, std::string hash,
             timestamp now, on_checked done);
  /// False where too many wait.
  bool hash(std::string secret, on_hashed done);
  /// What is under way is finished, what waits is dropped.
  void stop();

 private:
  bool put(std::function<void()> work);
  void run();

  const desk_options x_options;
  std::string x_nobody;  // the hash of a password nobody has
  std::mutex x_lock;
  std::condition_variable x_come;
  std::deque<std::function<void()>> x_waiting;
  attempt_limit x_attempts;
  bool x_stopped = false;
  std::vector<std::thread> x_threads;
};

}  // namespace switchboard::password
