#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "runtime/hosting/worker_account.hpp"
#include "runtime/hosting/worker_progress.hpp"

namespace switchboard {

/// CAF's scheduler for a machine whose cores are shared with sockets and disk: waking a thread
/// costs more than most messages.
///
/// What an actor causes runs next on the same worker, without lock or wake-up. A worker whose own
/// row grows gives half of it away when another one sleeps. What comes from outside (sockets,
/// journal, clock) goes into one shared row and wakes at most one sleeper at a time; who wakes and
/// sees more wakes the next. Every `outside_turn`th job of a worker comes from the shared row, so
/// that neither starves. Loaded with `config.load<worker_pool>()`; takes scheduler.max-threads and
/// .max-throughput.
class worker_pool final : public caf::scheduler::abstract_coordinator {
 public:
  explicit worker_pool(caf::actor_system& system);
  ~worker_pool() override;

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);

  void start() override;
  /// Runs what is there, then joins the workers.
  void stop() override;
  /// Thread-safe.
  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override { return clock_; }
  /// Whether the workers have got on since this was asked last. For one caller.
  bool got_on();

  /// What its threads did and do, from the first message on. Thread-safe once started.
  std::vector<worker_account*> accounts();
  /// Jobs that wait for any of its threads: what comes from outside, or was given away.
  std::size_t waiting_jobs() const { return waiting_jobs_.load(std::memory_order_relaxed); }

 private:
  /// Each actor that ends has its timeouts cancelled, which wakes the clock's thread: 10 us of it
  /// and a wake-up for every session. Deadlines are kept by `timer_service`, so mostly there are
  /// none.
  class quiet_clock final : public caf::detail::thread_safe_actor_clock {
   public:
    using super = caf::detail::thread_safe_actor_clock;
    void set_ordinary_timeout(time_point t, caf::abstract_actor* who, caf::atom_value type,
                              std::uint64_t id) override {
      used_ = true;
      super::set_ordinary_timeout(t, who, type, id);
    }
    void set_request_timeout(time_point t, caf::abstract_actor* who, caf::message_id id) override {
      used_ = true;
      super::set_request_timeout(t, who, id);
    }
    void set_multi_timeout(time_point t, caf::abstract_actor* who, caf::atom_value type,
                           std::uint64_t id) override {
      used_ = true;
      super::set_multi_timeout(t, who, type, id);
    }
    /// Whoever set one has set the mark on this thread, or before its last message.
    void cancel_timeouts(caf::abstract_actor* who) override {
      if (used_) super::cancel_timeouts(who);
    }

   private:
    std::atomic<bool> used_{false};
  };
  class worker;
  using row = std::deque<caf::resumable*>;

  /// So many jobs a worker keeps, though another sleeps: they are sooner done than it is awake.
  static constexpr std::size_t kept_row = 4;
  static constexpr unsigned outside_turn = 16;

  /// The next job from outside, null when there is none.
  caf::resumable* take();
  /// Waits for one; null when the pool stops.
  caf::resumable* wait_for_job();
  /// The later half of `own` goes to whoever sleeps.
  void share(row& own);
  caf::resumable* front(std::unique_lock<std::mutex>& held);
  /// Ends the lock, then wakes a sleeper unless one is already on its way.
  void call_one(std::unique_lock<std::mutex>& held);

  quiet_clock clock_;
  worker_progress seen_;
  std::thread timer_;
  std::vector<std::unique_ptr<worker>> workers_;

  std::mutex mutex_;
  std::condition_variable wanted_;
  row shared_;
  std::size_t called_ = 0;
  bool stopping_ = false;
  // Written under the lock, read without it as a hint.
  std::atomic<std::size_t> waiting_jobs_{0}, asleep_{0};
};

}  // namespace switchboard
