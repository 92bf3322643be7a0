#pragma once

#include <functional>

#include "runtime/store/memory_journal.hpp"

namespace switchboard::simulation {

/// The journal as one life of the process sees it: every append is shown to an observer first
/// thing. Once cut (the process is dead) what its last actors still write goes nowhere.
class observed_journal final : public store::journal {
 public:
  using observer = std::function<void(const store::placed_record&)>;
  observed_journal(store::memory_journal& disk, observer seen)
      : disk_(disk), seen_(std::move(seen)) {}
  void cut() { cut_ = true; }

  store::position append(store::record r) override {
    if (cut_) return disk_.last() + 1;
    store::placed_record shown{disk_.last() + 1, r};
    auto at = disk_.append(std::move(r));
    seen_(shown);
    return at;
  }
  store::position last() const override { return disk_.last(); }
  store::position durable() const override { return disk_.durable(); }
  store::position projected() const override { return disk_.projected(); }
  store::admission admits() const override { return disk_.admits(); }
  int on_durable(std::function<void(store::position)> call) override {
    return disk_.on_durable(std::move(call));
  }
  void unsubscribe(int handle) override { disk_.unsubscribe(handle); }
  result<store::position> read(
      store::position from, std::size_t limit,
      const std::function<bool(const store::placed_record&)>& visit) const override {
    return disk_.read(from, limit, visit);
  }
  store::position first() const override { return disk_.first(); }

 private:
  store::memory_journal& disk_;
  observer seen_;
  bool cut_ = false;
};

}  // namespace switchboard::simulation
