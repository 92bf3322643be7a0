#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// The way out of a call that is answered later: whoever asks the same meanwhile is given the same
/// answer, and nobody does it twice. Thread-safe.
class shared_answer final : public outbox {
 public:
  explicit shared_answer(reply_to first) : waiting_{std::move(first)} {}

  /// False where it was answered already: whoever kept that answer gives it.
  bool add(const reply_to& to) {
    std::lock_guard hold(lock_);
    if (!over_) waiting_.push_back(to);
    return !over_;
  }
  bool over() const {
    std::lock_guard hold(lock_);
    return over_;
  }

  void reply(std::uint32_t, store::position after, std::string packed) override {
    for (auto& to : take()) to.ok(after, packed);
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    for (auto& to : take()) to.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

 private:
  std::vector<reply_to> take() {
    std::lock_guard hold(lock_);
    over_ = true;
    return std::exchange(waiting_, {});
  }

  mutable std::mutex lock_;
  std::vector<reply_to> waiting_;
  bool over_ = false;
};

}  // namespace switchboard
