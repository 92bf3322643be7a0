#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/hosting/busiest.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/hosting/span_histogram.hpp"

namespace switchboard {

/// What one thread of the worker pool did: how many messages of which kind its actors handled, how
/// long that took, how long the messages had waited. Written by that thread alone, but for the
/// arrivals; read by any.
class worker_account {
 public:
  /// Messages of one kind that came to actors of one kind.
  struct cell {
    std::atomic<std::uint64_t> handled{0}, failed{0}, work{0};  // work: in ticks
    span_histogram work_spans, wait_spans;                      // of the waits one in 16
  };
  /// What the thread does at this moment.
  struct doing {
    std::uint64_t since = 0;  // in ticks; 0: nothing
    std::uint64_t actor = 0;  // CAF's id
    actor_kind kind = actor_kind::session;
    message_names::number message = message_names::others;
  };

  ~worker_account();

  /// The calling thread's, null where it runs no actors.
  static worker_account* current() { return current_; }
  /// Called once by a thread of the pool, before it runs its first actor.
  void adopt() { current_ = this; }

  void begin(std::uint64_t actor, actor_kind kind, message_names::number message,
             std::uint64_t now) {
    actor_.store(actor, std::memory_order_relaxed);
    what_.store(static_cast<std::uint32_t>(kind) << 8 | message, std::memory_order_relaxed);
    since_.store(now, std::memory_order_release);
  }
  void end() { since_.store(0, std::memory_order_release); }
  cell& of(actor_kind kind, message_names::number message) {
    auto& at = cells_[static_cast<std::size_t>(kind)][message];
    auto* there = at.load(std::memory_order_relaxed);
    return there ? *there : make_cell(at);
  }

  /// While somebody looks (until the given tick), each message is also noted under its actor.
  bool watched(std::uint64_t now) const {
    return now < watched_until_.load(std::memory_order_relaxed);
  }
  void watch_until(std::uint64_t tick) { watched_until_.store(tick, std::memory_order_relaxed); }
  template <class Key>
  void note_busy(std::uint64_t actor, actor_kind kind, message_names::number message,
                 std::uint64_t took, Key key) {
    std::lock_guard hold(busy_lock_);
    busy_.note(actor, kind, message, took, key);
  }
  /// What was noted since the last time.
  std::vector<busiest::entry> take_busiest();

  const cell* find(actor_kind kind, message_names::number message) const {
    return cells_[static_cast<std::size_t>(kind)][message].load(std::memory_order_acquire);
  }
  doing now() const;

 private:
  static cell& make_cell(std::atomic<cell*>& at);

  static inline thread_local worker_account* current_ = nullptr;
  std::array<std::array<std::atomic<cell*>, message_names::most>, actor_kinds> cells_{};
  std::atomic<std::uint64_t> since_{0}, actor_{0};
  std::atomic<std::uint32_t> what_{0};
  std::atomic<std::uint64_t> watched_until_{0};
  std::mutex busy_lock_;
  busiest busy_;
};

}  // namespace switchboard
