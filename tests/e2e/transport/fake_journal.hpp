#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include "runtime/store/journal.hpp"

namespace switchboard::e2e {

/// A journal that is durable as far as the test says. Thread-safe.
class fake_journal final : public store::journal {
 public:
  store::position append(store::record) override { return x_last.fetch_add(1) + 1; }
  store::position last() const override { return x_last; }
  store::position durable() const override { return x_durable.load(std::memory_order_acquire); }
  store::position projected() const override { return durable(); }
  store::admission admits() const override { return {}; }

  int on_durable(std::function<void(store::position)> call) override {
    std::lock_guard hold(x_lock);
    x_calls.emplace(++x_handle, std::move(call));
    return x_handle;
  }
  void unsubscribe(int handle) override {
    std::lock_guard hold(x_lock);
    x_calls.erase(handle);
  }
  result<store::position> read(
      store::position, std::size_t,
      const std::function<bool(const store::placed_record&)>&) const override {
    return fail(errc::unimplemented, "the fake journal keeps nothing");
  }
  store::position first() const override { return 1; }

  /// Plays a commit.
  void commit(store::position upto) {
    std::lock_guard hold(x_lock);
    x_durable.store(upto, std::memory_order_release);
    for (auto& [handle, call] : x_calls) call(upto);
  }
  std::size_t subscribers() const {
    std::lock_guard hold(x_lock);
    return x_calls.size();
  }

 private:
  std::atomic<store::position> x_last{0};
  std::atomic<store::position> x_durable{0};
  mutable std::mutex x_lock;
  std::map<int, std::function<void(store::position)>> x_calls;
  int x_handle = 0;
};

}  // namespace switchboard::e2e
