#include "runtime/hosting/worker_pool.hpp"

#include <caf/detail/set_thread_name.hpp>
#include <caf/resumable.hpp>

namespace switchboard {

/// One thread. CAF's logger is not set for it: nothing logs there, and it would look this thread up
/// at every message.
class worker_pool::worker final : public caf::execution_unit {
 public:
  explicit worker(worker_pool& pool) : caf::execution_unit(&pool.system()), pool_(pool) {}

  void start() {
    thread_ = std::thread([this] {
      caf::detail::set_thread_name("caf.worker");
      system().thread_started();
      account_.adopt();
      run();
      system().thread_terminates();
    });
  }

  void join() { thread_.join(); }

  /// Only from the actor this worker runs.
  void exec_later(caf::resumable* job) override {
    own_.push_back(job);
    share_when_long();
  }

  row& own() { return own_; }
  worker_account& account() { return account_; }
  /// Thread-safe.
  worker_progress::worker progress() const {
    const auto ended = ended_.load(std::memory_order_acquire);
    return {begun_.load(std::memory_order_relaxed), ended};
  }

 private:
  void run() {
    for (unsigned turn = 0; auto* job = next(turn); ++turn) {
      // Written by this thread alone.
      begun_.store(begun_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      switch (job->resume(this, pool_.max_throughput())) {
        case caf::resumable::resume_later:
          exec_later(job);
          break;
        case caf::resumable::done:
        case caf::resumable::awaiting_message:
          caf::intrusive_ptr_release(job);
          break;
        case caf::resumable::shutdown_execution_unit:
          return;
      }
      ended_.store(begun_.load(std::memory_order_relaxed), std::memory_order_release);
    }
  }

  caf::resumable* next(unsigned turn) {
    if (turn % outside_turn == 0 && !own_.empty()) {
      if (auto* job = pool_.take()) return job;
    }
    share_when_long();
    if (own_.empty()) return pool_.wait_for_job();
    auto* job = own_.front();
    own_.pop_front();
    return job;
  }

  void share_when_long() {
    if (own_.size() > kept_row && pool_.asleep_.load(std::memory_order_relaxed) > 0)
      pool_.share(own_);
  }

  worker_pool& pool_;
  worker_account account_;
  row own_;
  std::atomic<std::uint64_t> begun_{0}, ended_{0};
  std::thread thread_;
};

worker_pool::worker_pool(caf::actor_system& system) : abstract_coordinator(system) {}
worker_pool::~worker_pool() = default;

caf::actor_system::module* worker_pool::make(caf::actor_system& system, caf::detail::type_list<>) {
  return new worker_pool(system);
}

void worker_pool::start() {
  for (std::size_t i = 0; i < num_workers(); ++i)
    workers_.push_back(std::make_unique<worker>(*this));
  for (auto& w : workers_) w->start();
  timer_ = std::thread([this] {
    caf::detail::set_thread_name("caf.clock");
    system().thread_started();
    clock_.run_dispatch_loop();
    system().thread_terminates();
  });
  abstract_coordinator::start();
}

void worker_pool::stop() {
  {
    std::unique_lock held(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  stop_actors();
  for (auto& w : workers_) w->join();
  for (auto& w : workers_) {
    for (auto* job : w->own()) cleanup_and_release(job);
  }
  for (auto* job : shared_) cleanup_and_release(job);
  clock_.cancel_dispatch_loop();
  timer_.join();
}

std::vector<worker_account*> worker_pool::accounts() {
  std::vector<worker_account*> all;
  for (auto& w : workers_) all.push_back(&w->account());
  return all;
}

void worker_pool::enqueue(caf::resumable* job) {
  std::unique_lock held(mutex_);
  shared_.push_back(job);
  waiting_jobs_.store(shared_.size(), std::memory_order_relaxed);
  call_one(held);
}

bool worker_pool::got_on() {
  worker_progress now;
  for (auto& w : workers_) now.workers.push_back(w->progress());
  now.waiting = waiting_jobs_.load(std::memory_order_relaxed);
  const bool out = advanced(seen_, now);
  seen_ = std::move(now);
  return out;
}

void worker_pool::share(row& own) {
  std::unique_lock held(mutex_);
  auto keep = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
  shared_.insert(shared_.end(), keep, own.end());
  own.erase(keep, own.end());
  waiting_jobs_.store(shared_.size(), std::memory_order_relaxed);
  call_one(held);
}

caf::resumable* worker_pool::take() {
  if (waiting_jobs_.load(std::memory_order_relaxed) == 0) return nullptr;
  std::unique_lock held(mutex_);
  return shared_.empty() ? nullptr : front(held);
}

caf::resumable* worker_pool::wait_for_job() {
  std::unique_lock held(mutex_);
  while (shared_.empty()) {
    if (stopping_) return nullptr;
    asleep_.fetch_add(1, std::memory_order_relaxed);
    wanted_.wait(held);
    asleep_.fetch_sub(1, std::memory_order_relaxed);
    if (called_ > 0) --called_;
  }
  return front(held);
}

caf::resumable* worker_pool::front(std::unique_lock<std::mutex>& held) {
  auto* job = shared_.front();
  shared_.pop_front();
  waiting_jobs_.store(shared_.size(), std::memory_order_relaxed);
  if (!shared_.empty()) call_one(held);
  return job;
}

void worker_pool::call_one(std::unique_lock<std::mutex>& held) {
  bool call = called_ == 0 && asleep_.load(std::memory_order_relaxed) > 0;
  if (call) ++called_;
  held.unlock();
  if (call) wanted_.notify_one();
}

}  // namespace switchboard
