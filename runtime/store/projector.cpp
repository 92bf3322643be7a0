#include "runtime/store/projector.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "runtime/base/thread_name.hpp"
#include "runtime/store/record_format.hpp"

namespace switchboard::store {
namespace {

/// So many records are read back in one transaction, which pins the journal's pages meanwhile.
constexpr std::size_t read_back_batch = 8192;
/// When nothing comes in: the clock may have taken something out.
constexpr auto idle_wait = std::chrono::seconds(1);
/// A batch in memory is merged into what lies there: seldom.
constexpr millis aside_interval{250};
/// Erased in one transaction, while there is room and while there is hardly any.
constexpr std::size_t tidy_most = 256, tidy_few = 4;

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
  thread_ = std::thread([this] {
    name_this_thread("projector");
    guarded_run();
  });
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
    if (!failed_) upkeep();
    // What nothing has room for stays in the journal.
    if (aside_full_ && from_.feed().stopped()) return;
  }
}

millis projector::interval() const {
  if (aside_) return aside_interval;
  const millis twice_the_last{2 * last_flush_ms_.load(std::memory_order_relaxed)};
  return std::max(options_.flush_interval, std::min(options_.longest_interval, twice_the_last));
}

bool projector::fold_batch() {
  auto deadline = std::min(steady::now() + idle_wait, next_upkeep_);
  folded_ = 0;
  while (folded_ < options_.flush_records && !failed_) {
    auto step = from_.feed().next(next_, deadline);
    if (step.what == commit_feed::step::kind::stopped) return false;
    if (step.what == commit_feed::step::kind::idle) return true;
    if (!before_) {
      before_ = to_.lenient_view();
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
  if (aside_) return flush_aside();
  auto written = to_.write(next_ - 1, [&](state_batch& batch) {
    for (const auto& p : projections_) p->flush(batch);
  });
  if (!written && !is_full(written.error())) return give_up(written.error().message);
  if (!written) {
    aside_ = true;
    const auto words =
        "the state has no room: make state.map_size larger and start again, or session.keep "
        "shorter; until then what comes is kept in memory";
    from_.gate().state_is_full(words);
    say("state_full", words + (" (" + written.error().message) + ")");
    return fold_again();
  }
  from_.note_projected(next_ - 1);
  batches_.fetch_add(1, std::memory_order_relaxed);
  last_flush_ms_ = std::chrono::duration_cast<millis>(steady::now() - began).count();
  { std::lock_guard lock(mutex_); }
  flushed_.notify_all();
}

/// A batch that was not written is lost to the projections, which forget what they flush; the
/// journal has it.
void projector::fold_again() {
  next_ = to_.projected() + 1;
  folded_ = 0;
}

void projector::flush_aside() {
  // Nothing is trimmed that the file does not have.
  from_.keep_above(to_.stored());
  auto written = to_.write_aside(next_ - 1, [&](state_batch& batch) {
    for (const auto& p : projections_) p->flush(batch);
  });
  if (!written) {
    if (!std::exchange(aside_full_, true)) say("state_full", written.error().message);
    from_.gate().state_is_full(written.error().message);
    std::this_thread::sleep_for(aside_interval);
    return fold_again();
  }
  from_.note_projected(next_ - 1);
  { std::lock_guard lock(mutex_); }
  flushed_.notify_all();
}

void projector::upkeep() {
  const auto now = steady::now();
  if (now < next_upkeep_) return;
  next_upkeep_ = now + options_.tidy_pause;
  tidy();
  if (!to_.lies_aside()) return;
  auto done = to_.bring_in();
  if (!done && !is_full(done.error())) return give_up(done.error().message);
  if (!done) return;
  aside_ = aside_full_ = false;
  from_.keep_above(~position{0});
  from_.gate().state_is_full({});
  say("state_has_room", "the state has room again");
}

void projector::tidy() {
  if (!options_.tidy) return;
  const std::size_t at_most = to_.short_of_room() ? tidy_few : tidy_most;
  std::size_t n = 0;
  auto done = to_.tidy([&](state_batch& batch) { n = options_.tidy(batch, at_most); });
  if (!done && !is_full(done.error())) return give_up(done.error().message);
  if (!done) return;
  tidied_.fetch_add(n, std::memory_order_relaxed);
  if (n >= at_most) next_upkeep_ = steady::now();
}

void projector::say(std::string_view event, const std::string& words) const {
  if (options_.on_notice) options_.on_notice(event, words);
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
  s.aside = to_.lies_aside();
  s.tidied = tidied_;
  return s;
}

}  // namespace switchboard::store
