#pragma once

#include <string>

#include "runtime/codec/described.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// The timers' call: a deadline has come, look at yours.
struct timer_fired {
  std::uint64_t generation = 0;
};
template <class V> void describe(V& v, timer_fired& x) {
  v("generation", x.generation);
}

/// Asks any actor for its state; answered on the wire at once, as a map, without personal data.
struct status_request {
  reply_to reply;
  bool detail = false;
};
template <class V> void describe(V& v, status_request& x) {
  v("detail", x.detail);
}

/// Drain: finish what is under way, take nothing new, then end.
struct drain {};
template <class V> void describe(V&, drain&) {}

}  // namespace switchboard
