#include "adapters/password/password_desk.hpp"

#include <algorithm>
#include <utility>

#include "adapters/password/password_hash.hpp"

namespace switchboard::password {

password_desk::password_desk(desk_options options)
    : x_options(options), x_nobody(hash_of(fresh_token())), x_attempts(options.attempts) {
  for (unsigned i = 0; i < std::max(1u, options.threads); ++i) x_threads.emplace_back([this] { run(); });
}

password_desk::~password_desk() { stop(); }

void password_desk::check(std::string account, std::string address, std::string secret,
                          std::string hash, timestamp now, on_checked done) {
  millis wait{0};
  {
    std::lock_guard hold(x_lock);
    wait = x_attempts.begin(account, address, now);
  }
  if (wait > millis{0}) return done(verdict::too_often, wait);
  auto work = [this, account, address, secret = std::move(secret), hash = std::move(hash), done] {
    const bool same = matches(secret, hash.empty() ? x_nobody : hash);
    const bool right = same && !hash.empty();
    if (right) {
      std::lock_guard hold(x_lock);
      x_attempts.succeeded(account, address);
    }
    done(right ? verdict::right : verdict::wrong, millis{0});
  };
  if (put(std::move(work))) return;
  {
    std::lock_guard hold(x_lock);
    x_attempts.taken_back(account, address);
  }
  done(verdict::too_busy, millis{0});
}

bool password_desk::hash(std::string secret, on_hashed done) {
  return put([secret = std::move(secret), done = std::move(done)] { done(hash_of(secret)); });
}

void password_desk::stop() {
  {
    std::lock_guard hold(x_lock);
    x_stopped = true;
    x_waiting.clear();
  }
  x_come.notify_all();
  for (auto& t : x_threads) {
    if (t.joinable()) t.join();
  }
}

bool password_desk::put(std::function<void()> work) {
  {
    std::lock_guard hold(x_lock);
    if (x_stopped || x_waiting.size() >= x_options.most_waiting) return false;
    x_waiting.push_back(std::move(work));
  }
  x_come.notify_one();
  return true;
}

void password_desk::run() {
  std::unique_lock hold(x_lock);
  while (true) {
    x_come.wait(hold, [this] { return x_stopped || !x_waiting.empty(); });
    if (x_stopped) return;
    auto work = std::move(x_waiting.front());
    x_waiting.pop_front();
    hold.unlock();
    work();
    work = nullptr;
    hold.lock();
  }
}

}  // namespace switchboard::password
