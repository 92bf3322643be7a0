#pragma once

#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Who asks the same again while the first answer is still awaited gets it too. Thread-safe as its
/// two ways are.
class answer_together final : public outbox {
 public:
  answer_together(reply_to first, reply_to again)
      : first_(std::move(first)), again_(std::move(again)) {}

  void reply(std::uint32_t, store::position after, std::string packed) override {
    first_.ok(after, packed);
    again_.ok(after, std::move(packed));
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    first_.fail(after, why);
    again_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return is_open(first_) || is_open(again_); }

 private:
  static bool is_open(const reply_to& to) { return to.out && to.out->open(); }

  const reply_to first_, again_;
};

}  // namespace switchboard
