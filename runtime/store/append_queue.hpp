#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// Consecutive encoded records in one piece of memory: the unit that travels from the appenders to
/// the writer and on to the projector, so that half a million records a second cost no allocation
/// each.
struct record_run {
  position first = 0;
  std::string bytes;
  /// Where each record ends in `bytes`.
  std::vector<std::uint32_t> ends;
  /// So many records carry their position in their checksum already: a commit that found no room is
  /// tried again.
  std::size_t sealed = 0;
  /// When its first record came.
  std::chrono::steady_clock::time_point since{};

  std::size_t size() const { return ends.size(); }
  position last() const { return first + ends.size() - 1; }
  std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : ends[i - 1]; }
  std::string_view at(std::size_t i) const {
    return std::string_view(bytes).substr(begin_of(i), ends[i] - begin_of(i));
  }
};
using record_runs = std::vector<std::unique_ptr<record_run>>;

/// Where appenders leave encoded records and get their positions; the writer takes what has piled
/// up. Thread-safe.
class append_queue {
 public:
  /// A run is closed at about this size; a larger record has a run to itself.
  static constexpr std::size_t run_bytes = std::size_t{1} << 20;

  /// Before any push: the last position of the journal as it was found.
  void start_after(position last);
  /// Copies `bytes` under the lock: the critical section is a memcpy and two additions.
  position push(std::string_view bytes);
  /// Waits until there is something, `stop` was called, or `patience` is over. Answers whether
  /// there is something.
  bool wait(millis patience);
  /// Takes what is there, at most `max_bytes` (one run at least).
  record_runs take(std::size_t max_bytes);
  /// Gives a run back to be filled again. A few are kept.
  void recycle(std::unique_ptr<record_run> run);
  /// Wakes the taker for good.
  void stop();
  bool stopped() const { return stopped_.load(); }

  position last() const { return last_.load(std::memory_order_acquire); }
  /// Pushed and not yet taken.
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t spare_runs = 24;
  std::unique_ptr<record_run> blank();

  std::mutex mutex_;
  std::condition_variable filled_;
  record_runs runs_;
  record_runs spare_;
  bool writer_waits_ = false;
  std::atomic<bool> stopped_{false};
  std::atomic<position> last_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace switchboard::store
