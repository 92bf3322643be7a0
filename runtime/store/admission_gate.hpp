#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "runtime/base/clock.hpp"
#include "runtime/store/journal.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Where the store says no, well before it would have to stop: what is under way when the gate
/// closes must still fit.
struct admission_limits {
  /// Share of a map in use, pages given back not counted.
  double map_used = 0.90;
  std::uint64_t disk_free_bytes = std::uint64_t{512} << 20;
  std::uint64_t lag_events = 1'000'000;
  millis lag{2000};
  /// Appended and not yet written.
  std::size_t queued_bytes = std::size_t{256} << 20;
};

/// Decides whether new work may come in. `refresh` and `spend` are the writer's; `current` is
/// anybody's and cheap.
class admission_gate {
 public:
  admission_gate(const admission_limits& limits, const lmdb_env& journal);
  /// The state environment fills up too. Before the writer starts.
  void watch_state(const lmdb_env& state) { state_ = &state; }

  /// Looks at the lag every time, at maps and disk ten times a second, twice when they are nearly
  /// full.
  void refresh(std::uint64_t lag_events, millis lag);
  /// Counts what was committed since the maps were looked at.
  void spend(std::size_t bytes);
  /// For good: the journal has failed.
  void close(std::string reason);

  admission current(std::size_t queued_bytes) const;
  /// Any thread: another share of the maps from the next look on.
  void allow_map_used(double share) { map_used_.store(share, std::memory_order_relaxed); }
  std::uint64_t disk_free() const { return disk_free_.load(std::memory_order_relaxed); }

 private:
  std::string map_complaint(const lmdb_env& env, const char* name, std::int64_t* room);
  void measure();

  const admission_limits limits_;
  std::atomic<double> map_used_;
  const lmdb_env& journal_;
  const lmdb_env* state_ = nullptr;
  std::chrono::steady_clock::time_point next_measure_{};
  /// What maps and disk said when they were last looked at; empty when they are well.
  std::string space_complaint_;
  /// Bytes the journal may still grow to its threshold. Data costs up to twice its size in pages.
  std::atomic<std::int64_t> room_{0};
  std::atomic<std::uint64_t> disk_free_{0};
  std::atomic<bool> open_{true};
  mutable std::mutex mutex_;
  std::string reason_;
  bool closed_for_good_ = false;
};

}  // namespace switchboard::store
