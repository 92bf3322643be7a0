#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/base/clock.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard {

/// Whether a session that is over is still kept in memory, settled between it and its directory
/// without a message:
///
///     busy ──rest──> resting ──let_go──> gone
///       ^───begin────┘
///
/// Whichever comes first: either the session handles something, and rests anew after it, or the
/// directory lets it go, and from then on the session handles nothing that could be recorded. So
/// its transcript may be read back by another actor while messages are still on their way to this
/// one. Lies with the session's actor, for as long as anybody has its handle.
class session_stay {
 public:
  /// By the session, before it handles a message: false once it is gone.
  bool begin() {
    auto word = word_.load(std::memory_order_acquire);
    if (word == busy) return true;
    return word != is_gone && word_.compare_exchange_strong(word, busy, std::memory_order_acq_rel);
  }
  /// By the session, after a message, where nothing keeps it any more: quiet since then (running
  /// time), and all it recorded is up to `needs` in the journal. Not by one that is gone.
  void rest(timestamp since, store::position needs) {
    since_.store(unix_ms(since), std::memory_order_relaxed);
    needs_.store(needs, std::memory_order_relaxed);
    word_.store(++rests_, std::memory_order_release);
  }
  /// By its directory: gone if it rests, has been quiet since then, and all of it can be read back.
  bool let_go(timestamp quiet_since, store::position projected) {
    auto word = word_.load(std::memory_order_acquire);
    if (word == busy || word == is_gone) return false;
    if (since_.load(std::memory_order_relaxed) > unix_ms(quiet_since) ||
        needs_.load(std::memory_order_relaxed) > projected)
      return false;
    // What was read is of this rest, for each has a number of its own.
    return word_.compare_exchange_strong(word, is_gone, std::memory_order_acq_rel);
  }
  bool gone() const { return word_.load(std::memory_order_acquire) == is_gone; }

 private:
  static constexpr std::uint64_t busy = 0, is_gone = ~std::uint64_t{0};
  std::atomic<std::uint64_t> word_{busy};  // else the number of the rest
  std::atomic<std::int64_t> since_{0};
  std::atomic<store::position> needs_{0};
  std::uint64_t rests_ = 0;  // the session's alone
};

/// What a session's actor shows without being asked. There are ten thousands: they are counted and
/// found by the table of sessions, and are in no registry.
struct session_shown {
  session_stay stay;
};

}  // namespace switchboard
