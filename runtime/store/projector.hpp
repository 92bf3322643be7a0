#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/store/journal_lmdb.hpp"
#include "runtime/store/state_lmdb.hpp"

namespace switchboard::store {

struct projector_options {
  /// A batch is flushed when its oldest record has been folded for this long, or it has reached the
  /// count; far behind, at the count alone. Small batches do not hold up the journal's writer on
  /// the same disk; large ones let the projector keep up, for an entity touched many times is
  /// written once. Hence at least the first, and up to the second while a flush takes more than
  /// half of it.
  millis flush_interval{25};
  millis longest_interval{250};
  std::size_t flush_records = 200'000;
  fatal_handler on_fatal = exit_with_reason;
  notice_handler on_notice;
  /// Takes out of the state what the clock says is over, at most so many things in one transaction;
  /// answers how many. Called in pauses, and again at once while there is more. Empty: nothing.
  std::function<std::size_t(state_batch&, std::size_t at_most)> tidy;
  millis tidy_pause{1000};
};

struct projector_stats {
  position projected = 0;
  std::uint64_t lag_events = 0;
  millis lag{0};
  std::uint64_t batches = 0;
  /// Records that had to be read back from the journal, since they did not fit into memory.
  std::uint64_t read_back = 0;
  millis last_flush{0};
  /// The state has no room, and what is folded lies in memory.
  bool aside = false;
  /// Things taken out by the clock since the start.
  std::uint64_t tidied = 0;
};

/// Folds committed records into the state environment, on a thread of its own, from the position
/// stored there. An exception from a projection, like a failed commit, ends the process with its
/// reason. A state without room does not: what is folded then lies in memory, beside it, and is
/// brought in when there is room again. Thread-safe but for start and stop.
class projector {
 public:
  projector(journal_lmdb& from, state_lmdb& to,
            std::vector<std::shared_ptr<projection>> projections, const projector_options& options);
  ~projector();
  void start();
  /// Folds and flushes everything durable, then ends. The journal's writer has stopped before.
  void stop();
  /// Asks for a flush as soon as `at` is folded, and waits for it. False when the time is over.
  bool wait(position at, millis patience);
  projector_stats stats(timestamp now) const;

 private:
  using steady = std::chrono::steady_clock;
  void run();
  void guarded_run();
  millis interval() const;
  /// Folds until a flush is due. False when there will never be more.
  bool fold_batch();
  void fold_run(const record_run& run);
  void fold_back(position to);
  void fold_one(const placed_record& r);
  void flush();
  void flush_aside();
  void fold_again();
  void upkeep();
  void tidy();
  void say(std::string_view event, const std::string& words) const;
  void give_up(const std::string& why);

  journal_lmdb& from_;
  state_lmdb& to_;
  const std::vector<std::shared_ptr<projection>> projections_;
  const projector_options options_;
  /// The projector thread's own: the position wanted next, the batch under way and the view it
  /// began with.
  position next_;
  std::size_t folded_ = 0;
  std::unique_ptr<state_view> before_;
  placed_record into_;
  std::atomic<bool> failed_{false};
  std::atomic<std::uint64_t> batches_{0};
  std::atomic<std::uint64_t> read_back_{0};
  std::atomic<std::int64_t> last_flush_ms_{0};
  std::atomic<std::uint64_t> tidied_{0};
  steady::time_point next_upkeep_{};
  /// The projector thread's: the next batch goes into memory, and whether even that is full.
  bool aside_ = false;
  bool aside_full_ = false;
  std::mutex mutex_;
  std::condition_variable flushed_;
  std::thread thread_;
};

}  // namespace switchboard::store
