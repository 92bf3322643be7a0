#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include <caf/abstract_actor.hpp>
#include <caf/actor_control_block.hpp>

#include "runtime/base/timer_wheel.hpp"

namespace switchboard {

/// The deadlines of all actors, in running time (docs/decisions/0018), in timer wheels that are
/// called and not sent to: to arm, to move and to cancel takes a short lock and allocates nothing.
/// Each actor keeps its own `actor_timer`.
///
/// It has no time of its own: somebody, and only one, says when to look at the clock (`advance`).
/// In the daemon that is a `timer_thread`; a simulation does it as its virtual time passes. All
/// else is thread-safe.
class timer_service {
 public:
  /// How an actor is told: it is handed the generation that was armed. Any thread, without a lock
  /// held.
  using waker = void (*)(const caf::strong_actor_ptr& who, std::uint64_t generation);

  timer_service(const clock_source& clock, waker wake);
  timer_service(const timer_service&) = delete;
  timer_service& operator=(const timer_service&) = delete;
  ~timer_service();

  /// Wakes those whose time has come; everybody when the wall's time was set, to look again at what
  /// depends on it.
  void advance();
  /// When `advance` is to be called again at the latest, nothing while nobody waits. Not longer
  /// than it may take to notice that the wall's time was set.
  std::optional<timestamp> next_look() const;
  /// The same for one who sleeps meanwhile: if something is armed for earlier than what is
  /// answered, `nudge` is called, once. Who was nudged is told to look at each tick for a while,
  /// for a nudge costs more than a look.
  timestamp sleep_until();
  /// Any thread, short; given before anything is armed.
  void nudge_by(std::function<void()> nudge) { nudge_ = std::move(nudge); }

  /// Nobody is woken any more, whoever arms; actors that nothing else keeps alive end.
  void stop();

  /// How many wait.
  std::size_t armed() const;
  /// Woken more than two ticks after their time, since the start.
  std::uint64_t late() const { return late_.load(std::memory_order_relaxed); }

 private:
  friend class actor_timer;

  /// One deadline that is waited for; under its shard's lock.
  struct waiting : timer_wheel::entry {
    caf::strong_actor_ptr who;  // while armed
    std::uint64_t generation = 0;
  };
  struct alignas(64) shard {
    explicit shard(timestamp now) : wheel(now) {}
    mutable std::mutex lock;
    timer_wheel wheel;
    bool stopped = false;
  };
  struct fired {
    caf::strong_actor_ptr who;
    std::uint64_t generation;
  };
  static constexpr std::size_t most_shards = 16;
  static constexpr millis longest_sleep{1'000};
  static constexpr millis brisk_for = 32 * timer_wheel::tick;

  void arm(waiting& w, caf::actor_control_block* who, timestamp when, std::uint64_t generation);
  void cancel(waiting& w, caf::actor_control_block* who);
  void nudge(timestamp when);
  shard& shard_of(caf::actor_control_block* who) { return shards_[who->id() % most_shards]; }
  std::optional<timestamp> first() const;
  bool wall_was_set();

  const clock_source& clock_;
  waker wake_;
  std::function<void()> nudge_;
  std::deque<shard> shards_;  // in place, and so many for good
  // Of who calls `advance`.
  std::vector<timer_wheel::entry*> due_;
  std::vector<fired> fired_;
  timestamp looked_;
  millis wall_ahead_;
  timestamp brisk_until_{};
  /// Whoever arms for earlier than that, Unix milliseconds, nudges.
  std::atomic<std::int64_t> nudge_before_;
  std::atomic<bool> nudged_{false};
  std::atomic<std::uint64_t> late_{0};
};

/// One deadline of one actor, who alone calls it and keeps it among its state: with the actor the
/// deadline ends. Armed, it keeps the actor alive.
class actor_timer {
 public:
  /// The service outlives it.
  actor_timer(timer_service& service, caf::abstract_actor* who)
      : service_(service), who_(who->ctrl()) {}
  actor_timer(const actor_timer&) = delete;
  actor_timer& operator=(const actor_timer&) = delete;
  ~actor_timer() { cancel(); }

  /// The actor is woken at `when`, in running time, never earlier, and no more at what was armed
  /// before.
  void arm(timestamp when);
  void cancel();
  /// Is this the wake that was waited for? Then it waits for nothing any more. One that was on its
  /// way when another time was armed is not.
  bool rang(std::uint64_t generation);

 private:
  timer_service& service_;
  caf::actor_control_block* who_;
  timer_service::waiting waiting_;
  // The actor's own: what it has armed and not heard of.
  bool waits_ = false;
  timestamp when_{};
  std::uint64_t generation_ = 0;
};

}  // namespace switchboard
