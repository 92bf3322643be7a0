#pragma once

#include <functional>
#include <memory>

#include "adapters/channel/gateway/gateway_call.hpp"
#include "runtime/hosting/unless_known.hpp"

namespace switchboard {

/// The answer to a call by which the caller may lose its own connection: that is held until the
/// answer is given.
class held_answer final : public outbox {
 public:
  held_answer(reply_to to, connection_index& book, std::uint64_t connection,
              std::function<void()> done)
      : to_(std::move(to)), book_(book), connection_(connection), done_(std::move(done)) {
    book_.hold(connection_);
  }
  ~held_answer() override { book_.release(connection_); }
  held_answer(const held_answer&) = delete;
  held_answer& operator=(const held_answer&) = delete;

  /// `done` is called where the answer is no error.
  static reply_to to(const gateway_call& c, std::function<void()> done = {}) {
    return taken_like(c.reply, {std::make_shared<held_answer>(c.reply, c.services.connections,
                                                              c.from->id(), std::move(done)),
                                0});
  }

  void reply(std::uint32_t, store::position after, std::string packed) override {
    // First, or it would meet who is let in by what the answer says.
    if (done_) done_();
    to_.ok(after, std::move(packed));
  }
  /// Whose connections were to end, have ended.
  void reply_again(std::uint32_t, store::position after, std::string packed) override {
    to_.again(after, std::move(packed));
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return to_.out && to_.out->open(); }

 private:
  reply_to to_;
  connection_index& book_;
  std::uint64_t connection_;
  std::function<void()> done_;
};

}  // namespace switchboard
