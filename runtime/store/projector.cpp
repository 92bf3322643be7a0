#include "runtime/store/projector.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "runtime/store/record_format.hpp"

namespace switchboard::store {
namespace {

/// So many records are read back in one transaction, which pins the journal's pages meanwhile.
constexpr std::size_t read_back_batch = 8192;
constexpr auto idle_wait = std::chrono::hours(1);

}  // namespace

projector::projector(journal_lmdb& from, state_lmdb& to,
                     std::vector<std::shared_ptr<projection>> projections,
                     const projector_options& options)
    : from_(from),
      to_(to),
      projections_(std::move(projections)),
      options_(options),
      next_(to.projected() + 1) {}

projector::~projector() {
  stop();
}

void projector::start() {
  thread_ = std::thread([this] { guarded_run(); });
}

void projector::stop() {
  from_.feed().stop();
  if (thread_.joinable()) thread_.join();
}

void projector::guarded_run() {
  try {
    run();
  } catch (const std::exception& e) {
    give_up(std::string("at record ") + std::to_string(next_) + ": " + e.what());
  }
}

void projector::run() {
  for (bool more = true; more && !failed_;) {
    more = fold_batch();
    if (folded_ > 0 && !failed_) flush();
  }
}

millis projector::interval() const {
  const millis twice_the_last{2 * last_flush_ms_.load(std::memory_order_relaxed)};
  return std::max(options_.flush_interval, std::min(options_.longest_interval, twice_the_last));
}

bool projector::fold_batch() {
  auto deadline = steady::now() + idle_wait;
  folded_ = 0;
  while (folded_ < options_.flush_records && !failed_) {
    auto step = from_.feed().next(next_, deadline);
    if (step.what == commit_feed::step::kind::stopped) return false;
    if (step.what == commit_feed::step::kind::idle) return true;
    if (!before_) {
      before_ = to_.view();
      deadline = steady::now() + interval();
    }
    if (step.what == commit_feed::step::kind::read_back) {
      fold_back(step.to);
    } else {
      fold_run(*step.run);
      from_.feed().recycle(std::move(step.run));
    }
    // Far behind, a larger batch catches up sooner, for it writes each entity less often.
    const bool far_behind = from_.durable() >= next_ + options_.flush_records;
    if (steady::now() >= deadline && !far_behind) return true;
  }
  return true;
}

void projector::fold_run(const record_run& run) {
  for (std::size_t i = next_ - run.first; i < run.size(); ++i) {
    // The writer has put these bytes on disk from this very memory: no need to check them.
    if (auto decoded = decode_record(run.at(i), run.first + i, into_, false); !decoded) {
      return give_up(decoded.error().message);
    }
    fold_one(into_);
  }
}

void projector::fold_back(position to) {
  const std::size_t limit = std::min<std::size_t>(to - next_ + 1, read_back_batch);
  const position before = next_;
  auto read = from_.read(next_, limit, [&](const placed_record& r) {
    fold_one(r);
    return true;
  });
  if (!read) return give_up(read.error().message);
  if (next_ == before) {
    return give_up("journal record " + std::to_string(next_) + " is missing");
  }
  read_back_ += next_ - before;
}

void projector::fold_one(const placed_record& r) {
  for (const auto& p : projections_) p->fold(r, *before_);
  ++next_;
  ++folded_;
}

void projector::flush() {
  const auto began = steady::now();
  before_.reset();
  auto written = to_.write(next_ - 1, [&](state_batch& batch) {
    for (const auto& p : projections_) p->flush(batch);
  });
  if (!written) return give_up(written.error().message);
  from_.note_projected(next_ - 1);
  batches_.fetch_add(1, std::memory_order_relaxed);
  last_flush_ms_ = std::chrono::duration_cast<millis>(steady::now() - began).count();
  { std::lock_guard lock(mutex_); }
  flushed_.notify_all();
}

void projector::give_up(const std::string& why) {
  failed_ = true;
  options_.on_fatal("projector: " + why);
}

bool projector::wait(position at, millis patience) {
  const auto deadline = steady::now() + patience;
  std::unique_lock lock(mutex_);
  while (to_.projected() < at) {
    if (steady::now() >= deadline) return false;
    from_.feed().urge();
    // The record may not be durable yet, and then the urging has been for nothing: urge again.
    flushed_.wait_until(lock, std::min(deadline, steady::now() + millis{5}));
  }
  return true;
}

projector_stats projector::stats(timestamp now) const {
  projector_stats s;
  s.projected = to_.projected();
  s.lag_events = from_.durable() - std::min(from_.durable(), s.projected);
  s.lag = from_.feed().lag(now);
  s.batches = batches_;
  s.read_back = read_back_;
  s.last_flush = millis{last_flush_ms_};
  return s;
}

}  // namespace switchboard::store
