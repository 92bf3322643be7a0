#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/password/attempt_limit.hpp"
#include "adapters/password/fair_queue.hpp"

namespace switchboard::password {

struct verifier_options {
  /// At once, 19 MiB each: one core's worth of work whatever comes.
  unsigned threads = 1;
  /// Waiting besides; more are turned away.
  queue_options waiting;
  attempt_options attempts;
};

/// One log-in. An empty `hash` (no such account, or none by password) takes as long, and is wrong.
struct password_attempt {
  std::string account, address;
  std::string device_token;  // of an earlier log-in, if there was one
  std::string secret, hash;
};

/// Hashes and checks passwords on threads of its own, few at once, and counts what was tried in
/// vain. Thread-safe. `stop` before whoever is called back ends.
class password_verifier {
 public:
  enum class verdict : std::uint8_t { right, wrong, too_often, too_busy };
  /// From a thread of the verifier, or from the caller's for `too_often` and `too_busy`. `wait`: of
  /// `too_often`.
  using on_checked = std::function<void(verdict, millis wait)>;
  using on_hashed = std::function<void(std::string hash)>;

  explicit password_verifier(verifier_options options = {});
  ~password_verifier();
  password_verifier(const password_verifier&) = delete;
  password_verifier& operator=(const password_verifier&) = delete;

  void check(password_attempt attempt, timestamp now, on_checked done);
  /// False where too many wait. `salt`: of `salt_of`, or empty for a fresh one.
  bool hash(std::string secret, std::string salt, on_hashed done);
  /// What is under way is finished, what waits is dropped.
  void stop();

 private:
  bool put(const std::string& address, bool known, fair_queue::item work);
  void run();

  const verifier_options options_;
  std::string nobody_;  // the hash of a password nobody has
  std::mutex lock_;
  std::condition_variable come_;
  fair_queue waiting_;
  attempt_limit attempts_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace switchboard::password
