#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include "runtime/store/admission.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::e2e {

/// A journal that is durable as far as the test says. Thread-safe.
class fake_journal final : public store::journal {
 public:
  store::position append(store::record) override { return last_.fetch_add(1) + 1; }
  store::position last() const override { return last_; }
  store::position durable() const override { return durable_.load(std::memory_order_acquire); }
  store::position projected() const override { return durable(); }
  store::admission admits() const override { return {}; }

  int on_durable(std::function<void(store::position)> call) override {
    std::lock_guard hold(lock_);
    calls_.emplace(++handle_, std::move(call));
    return handle_;
  }
  void unsubscribe(int handle) override {
    std::lock_guard hold(lock_);
    calls_.erase(handle);
  }
  result<store::position> read(
      store::position, std::size_t,
      const std::function<bool(const store::placed_record&)>&) const override {
    return fail(errc::unimplemented, "the fake journal keeps nothing");
  }
  store::position first() const override { return 1; }

  /// Plays a commit.
  void commit(store::position upto) {
    std::lock_guard hold(lock_);
    durable_.store(upto, std::memory_order_release);
    for (auto& [handle, call] : calls_) call(upto);
  }
  std::size_t subscribers() const {
    std::lock_guard hold(lock_);
    return calls_.size();
  }

 private:
  std::atomic<store::position> last_{0};
  std::atomic<store::position> durable_{0};
  mutable std::mutex lock_;
  std::map<int, std::function<void(store::position)>> calls_;
  int handle_ = 0;
};

/// Takes everything, and says that the journal stands still when the test does. Thread-safe.
class fake_gate final : public store::work_gate {
 public:
  store::admission admits(store::work) const override { return {}; }
  store::admission answers() const override {
    return stands_still ? store::admission{false, "the journal stands still"} : store::admission{};
  }
  std::atomic<bool> stands_still{false};
};

}  // namespace switchboard::e2e
