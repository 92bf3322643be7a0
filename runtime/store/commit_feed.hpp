#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

#include "runtime/base/clock.hpp"
#include "runtime/store/append_queue.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// Committed runs on their way from the writer to the projector, in memory as long as they fit. The
/// writer never waits: what does not fit is dropped here and read back from the journal. Also knows
/// how far the projector is behind. Thread-safe; one writer, one projector.
class commit_feed {
 public:
  /// What the projector does next.
  struct step {
    enum class kind {
      /// Fold `run`, from the wanted position on.
      fold,
      /// Fold from the journal, from the wanted position up to `to`.
      read_back,
      /// Nothing more for now: the deadline is over, or somebody waits for a flush.
      idle,
      /// Nothing more for ever.
      stopped,
    };
    kind what = kind::idle;
    std::unique_ptr<record_run> run;
    position to = 0;
  };

  /// Runs come from `origin` and return there. `durable` and `projected` are where journal and
  /// state stand.
  commit_feed(append_queue& origin, std::size_t max_bytes);
  void start_at(position durable, position projected, timestamp now);

  void push(record_runs runs, position durable, timestamp now);
  step next(position wanted, std::chrono::steady_clock::time_point deadline);
  void recycle(std::unique_ptr<record_run> run) { origin_.recycle(std::move(run)); }
  /// Makes the projector flush what it has as soon as it has caught up.
  void urge();
  /// After this `next` hands out what is there, then says stopped.
  void stop();
  bool stopped() const;

  void note_projected(position projected);
  /// How long the oldest unprojected record has been durable.
  millis lag(timestamp now) const;

 private:
  struct mark {
    position last;
    timestamp committed;
  };
  static constexpr std::size_t max_marks = 4096;
  static constexpr millis mark_spacing{5};
  void mark_commit(position durable, timestamp now);

  append_queue& origin_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<record_run>> runs_;
  std::size_t bytes_ = 0;
  /// Commit times, coarse; the front is the oldest that is not projected.
  std::deque<mark> marks_;
  position durable_ = 0;
  position projected_ = 0;
  bool urged_ = false;
  bool stopped_ = false;
};

}  // namespace switchboard::store
