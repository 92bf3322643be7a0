#include "runtime/store/commit_feed.hpp"

#include <algorithm>

namespace switchboard::store {

commit_feed::commit_feed(append_queue& origin, std::size_t max_bytes)
    : origin_(origin), max_bytes_(max_bytes) {}

void commit_feed::start_at(position durable, position projected, timestamp now) {
  std::lock_guard lock(mutex_);
  durable_ = durable;
  projected_ = projected;
  if (durable > projected) marks_.push_back({durable, now});
}

void commit_feed::mark_commit(position durable, timestamp now) {
  bool merge = !marks_.empty() &&
               (marks_.size() >= max_marks || now - marks_.back().committed < mark_spacing);
  if (merge) {
    marks_.back().last = durable;
  } else {
    marks_.push_back({durable, now});
  }
}

void commit_feed::push(record_runs runs, position durable, timestamp now) {
  record_runs dropped;
  {
    std::lock_guard lock(mutex_);
    durable_ = durable;
    mark_commit(durable, now);
    for (auto& run : runs) {
      if (bytes_ + run->bytes.size() > max_bytes_) {
        dropped.push_back(std::move(run));
        continue;
      }
      bytes_ += run->bytes.size();
      runs_.push_back(std::move(run));
    }
  }
  changed_.notify_one();
  for (auto& run : dropped) origin_.recycle(std::move(run));
}

commit_feed::step commit_feed::next(position wanted,
                                    std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!runs_.empty() && runs_.front()->last() < wanted) {
      bytes_ -= runs_.front()->bytes.size();
      origin_.recycle(std::move(runs_.front()));
      runs_.pop_front();
    }
    if (!runs_.empty() && runs_.front()->first <= wanted) {
      auto run = std::move(runs_.front());
      runs_.pop_front();
      bytes_ -= run->bytes.size();
      return {step::kind::fold, std::move(run), 0};
    }
    if (durable_ >= wanted) {
      return {step::kind::read_back, nullptr, runs_.empty() ? durable_ : runs_.front()->first - 1};
    }
    if (stopped_) return {step::kind::stopped, nullptr, 0};
    if (std::exchange(urged_, false)) return {};
    if (changed_.wait_until(lock, deadline) == std::cv_status::timeout) return {};
  }
}

void commit_feed::urge() {
  {
    std::lock_guard lock(mutex_);
    urged_ = true;
  }
  changed_.notify_one();
}

void commit_feed::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
}

bool commit_feed::stopped() const {
  std::lock_guard lock(mutex_);
  return stopped_;
}

void commit_feed::note_projected(position projected) {
  std::lock_guard lock(mutex_);
  projected_ = projected;
  while (!marks_.empty() && marks_.front().last <= projected) marks_.pop_front();
}

millis commit_feed::lag(timestamp now) const {
  std::lock_guard lock(mutex_);
  if (marks_.empty() || projected_ >= durable_) return millis{0};
  return std::max(millis{0}, now - marks_.front().committed);
}

}  // namespace switchboard::store
