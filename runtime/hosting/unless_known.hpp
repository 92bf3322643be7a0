#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// The way out of a call that the store has no room for, unless it was answered before: to give an
/// answer again writes nothing. Whoever keeps answers asks `refused_as_new` once it has looked for
/// the key, and before it does anything.
class unless_known final : public outbox {
 public:
  unless_known(outbox_ptr to, error why) : to_(std::move(to)), why_(std::move(why)) {}
  const error& why() const { return why_; }

  void reply(std::uint32_t msgid, store::position after, std::string packed) override {
    to_->reply(msgid, after, std::move(packed));
  }
  void reply_again(std::uint32_t msgid, store::position after, std::string packed) override {
    to_->reply_again(msgid, after, std::move(packed));
  }
  void fail(std::uint32_t msgid, store::position after, const error& why) override {
    to_->fail(msgid, after, why);
  }
  void notify(store::position after, std::string frame) override {
    to_->notify(after, std::move(frame));
  }
  std::uint64_t id() const override { return to_->id(); }
  bool open() const override { return to_->open(); }
  void end() override { to_->end(); }

 private:
  outbox_ptr to_;
  error why_;
};

/// Why the call is not taken unless it is known; null where it is taken anyway.
inline const error* not_taken(const reply_to& call) {
  const auto* limited = dynamic_cast<const unless_known*>(call.out.get());
  return limited ? &limited->why() : nullptr;
}

/// True, and it is answered, where a call that is new is not taken.
inline bool refused_as_new(const reply_to& call) {
  const auto* why = not_taken(call);
  if (why) call.fail(0, *why);
  return why != nullptr;
}

/// `way`, which leads to `call`: not taken where that is not.
inline reply_to taken_like(const reply_to& call, reply_to way) {
  if (const auto* why = not_taken(call))
    way.out = std::make_shared<unless_known>(std::move(way.out), *why);
  return way;
}

}  // namespace switchboard
