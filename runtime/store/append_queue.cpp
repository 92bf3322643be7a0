#include "runtime/store/append_queue.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard::store {

void append_queue::start_after(position last) {
  last_.store(last, std::memory_order_release);
}

std::unique_ptr<record_run> append_queue::blank() {
  if (!spare_.empty()) {
    auto run = std::move(spare_.back());
    spare_.pop_back();
    return run;
  }
  auto run = std::make_unique<record_run>();
  run->bytes.reserve(run_bytes);
  run->ends.reserve(run_bytes / 256);
  return run;
}

position append_queue::push(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  const position at = last_.load(std::memory_order_relaxed) + 1;
  if (runs_.empty() || runs_.back()->bytes.size() + bytes.size() > run_bytes) {
    runs_.push_back(blank());
    runs_.back()->first = at;
    runs_.back()->since = std::chrono::steady_clock::now();
  }
  record_run& run = *runs_.back();
  run.bytes.append(bytes);
  run.ends.push_back(static_cast<std::uint32_t>(run.bytes.size()));
  last_.store(at, std::memory_order_release);
  bytes_.store(bytes_.load(std::memory_order_relaxed) + bytes.size(), std::memory_order_relaxed);
  const bool wake = std::exchange(writer_waits_, false);
  lock.unlock();
  if (wake) filled_.notify_one();
  return at;
}

bool append_queue::wait(millis patience) {
  std::unique_lock lock(mutex_);
  if (runs_.empty() && !stopped_) {
    writer_waits_ = true;
    filled_.wait_for(lock, patience, [&] { return !runs_.empty() || stopped_; });
    writer_waits_ = false;
  }
  return !runs_.empty();
}

record_runs append_queue::take(std::size_t max_bytes) {
  std::lock_guard lock(mutex_);
  std::size_t taken = 0;
  auto end = runs_.begin();
  while (end != runs_.end() && (taken == 0 || taken + (*end)->bytes.size() <= max_bytes)) {
    taken += (*end)->bytes.size();
    ++end;
  }
  record_runs out(std::make_move_iterator(runs_.begin()), std::make_move_iterator(end));
  runs_.erase(runs_.begin(), end);
  bytes_.store(bytes_.load(std::memory_order_relaxed) - taken, std::memory_order_relaxed);
  return out;
}

void append_queue::recycle(std::unique_ptr<record_run> run) {
  // A run that one large record has blown up is not worth keeping.
  if (run->bytes.capacity() > 2 * run_bytes) return;
  run->bytes.clear();
  run->ends.clear();
  run->sealed = 0;
  std::lock_guard lock(mutex_);
  if (spare_.size() < spare_runs) spare_.push_back(std::move(run));
}

void append_queue::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  filled_.notify_all();
}

}  // namespace switchboard::store
