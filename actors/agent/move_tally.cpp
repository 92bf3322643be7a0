#include "actors/agent/move_tally.hpp"

#include <algorithm>

#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

/// The session speaks of its own call, whose target is "to.agent"; the console's is "to_agent".
error as_asked_by_console(error e) {
  for (auto* text : {&e.field, &e.message}) {
    if (text->starts_with("to.")) (*text)[2] = '_';
  }
  return e;
}

}  // namespace

/// What never answered has ended meanwhile, and with it what it held of this.
move_tally::~move_tally() {
  if (answered_ < sessions_.size()) answer();
}

void move_tally::reply(std::uint32_t, store::position after, std::string) {
  std::lock_guard hold(lock_);
  ++moved_;
  arrived(after);
}

void move_tally::fail(std::uint32_t msgid, store::position after, const error& why) {
  std::lock_guard hold(lock_);
  stayed_.emplace(msgid, as_asked_by_console(why));
  arrived(after);
}

void move_tally::arrived(store::position after) {
  upto_ = std::max(upto_, after);
  if (++answered_ == sessions_.size()) answer();
}

void move_tally::answer() const {
  if (moved_ == 0 && !stayed_.empty()) return to_.fail(upto_, stayed_.begin()->second);
  codec::packer p;
  p.map(3).str("sessions").uinteger(moved_);
  p.str("asked").uinteger(sessions_.size());
  p.str("stayed").array(static_cast<std::uint32_t>(stayed_.size()));
  for (auto& [index, why] : stayed_) {
    field(p.map(2), "session_id", sessions_[index].text());
    field(p, "message", why.message);
  }
  to_.ok(upto_, p.take());
}

}  // namespace switchboard
