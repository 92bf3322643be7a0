#pragma once

#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Who asks the same again while the first answer is still awaited gets it too. Thread-safe as its two ways are.
class answer_together final : public outbox {
 public:
  answer_together(reply_to first, reply_to again) : x_first(std::move(first)), x_again(std::move(again)) {}

  void reply(std::uint32_t, store::position after, std::string packed) override {
    x_first.ok(after, packed);
    x_again.ok(after, std::move(packed));
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    x_first.fail(after, why);
    x_again.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return is_open(x_first) || is_open(x_again); }

 private:
  static bool is_open(const reply_to& to) { return to.out && to.out->open(); }

  const reply_to x_first, x_again;
};

}  // namespace switchboard
