#include "adapters/password/password_verifier.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/password/device_token.hpp"
#include "adapters/password/password_hash.hpp"

namespace switchboard::password {

password_verifier::password_verifier(verifier_options options)
    : options_(options),
      nobody_(hash_of(fresh_token())),
      waiting_(options.waiting),
      attempts_(options.attempts) {
  for (unsigned i = 0; i < std::max(1u, options.threads); ++i)
    threads_.emplace_back([this] { run(); });
}

password_verifier::~password_verifier() {
  stop();
}

void password_verifier::check(password_attempt attempt, timestamp now, on_checked done) {
  const auto a = std::make_shared<const password_attempt>(std::move(attempt));
  const auto device = device_of(a->device_token, a->account, a->hash, now);
  auto origin = [a, device] { return attempt_origin{a->account, a->address, device}; };
  millis wait{0};
  bool known = false;
  {
    std::lock_guard hold(lock_);
    known = attempts_.is_known(origin(), now);
    wait = attempts_.begin(origin(), now);
  }
  if (wait > millis{0}) return done(verdict::too_often, wait);
  auto turn_away = [this, origin, now, done] {
    {
      std::lock_guard hold(lock_);
      attempts_.taken_back(origin(), now);
    }
    done(verdict::too_busy, millis{0});
  };
  auto work = [this, a, origin, now, done] {
    const bool same = matches(a->secret, a->hash.empty() ? nobody_ : a->hash);
    const bool right = same && !a->hash.empty();
    if (right) {
      std::lock_guard hold(lock_);
      attempts_.succeeded(origin(), now);
    }
    done(right ? verdict::right : verdict::wrong, millis{0});
  };
  if (!put(a->address, known, {std::move(work), turn_away})) turn_away();
}

/// An administrator's, who has a connection already.
bool password_verifier::hash(std::string secret, std::string salt, on_hashed done) {
  auto work = [secret = std::move(secret), salt = std::move(salt), done = std::move(done)] {
    done(salt.empty() ? hash_of(secret) : hash_of(secret, salt));
  };
  return put({}, true, {std::move(work), {}});
}

void password_verifier::stop() {
  {
    std::lock_guard hold(lock_);
    stopped_ = true;
    waiting_.clear();
  }
  come_.notify_all();
  for (auto& t : threads_) {
    if (t.joinable()) t.join();
  }
}

bool password_verifier::put(const std::string& address, bool known, fair_queue::item work) {
  std::optional<fair_queue::item> gave_way;
  {
    std::lock_guard hold(lock_);
    if (stopped_) return false;
    const bool taken = known ? waiting_.put_known(std::move(work))
                             : waiting_.put(address, std::move(work), gave_way);
    if (!taken) return false;
  }
  come_.notify_one();
  if (gave_way) gave_way->turned_away();
  return true;
}

void password_verifier::run() {
  std::unique_lock hold(lock_);
  while (true) {
    come_.wait(hold, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return;
    auto work = waiting_.take();
    hold.unlock();
    work->run();
    work.reset();
    hold.lock();
  }
}

}  // namespace switchboard::password
