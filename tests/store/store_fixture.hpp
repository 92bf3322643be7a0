#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/store/store.hpp"

namespace switchboard::store {

/// A sanitizer's build is slower by an order of magnitude: tests of speed ask less of it, long ones
/// do less.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// A clock moved by hand. Thread-safe.
class hand_clock final : public clock_source {
 public:
  timestamp now() const override { return from_unix_ms(ms_); }
  void advance(millis by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_{1'700'000'000'000};
};

/// A directory that goes away with its test; in memory where the machine has such a place, for
/// these tests sync often and none can tell.
class scratch_dir {
 public:
  scratch_dir();
  ~scratch_dir();
  std::string path(const std::string& below = {}) const {
    return below.empty() ? dir_ : dir_ + "/" + below;
  }

 private:
  std::string dir_;
};

/// A record all of whose bytes follow from `n`, so that whoever reads it can tell whether it is
/// whole and in its place.
record sample_record(std::uint64_t n, std::size_t event_bytes = 200);
/// Empty when `r` is the sample record of its own position, else what is wrong with it.
std::string sample_flaw(const placed_record& r);

/// Counts records per entity key in table "counts", and notes every position it folds in table
/// "order".
class counting_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {"counts", "order"}; }
  void fold(const placed_record& r, const state_view& before) override;
  void flush(state_batch& batch) override;

  /// While closed, `flush` waits: a projector that does not keep up.
  void open_gate(bool open);
  /// True while `flush` waits at the closed gate.
  std::atomic<bool> at_gate{false};
  std::atomic<std::uint64_t> folded{0};

 private:
  std::map<std::string, std::uint64_t> counts_;
  std::vector<position> positions_;
  std::mutex mutex_;
  std::condition_variable gate_;
  bool open_ = true;
};

/// Writes nothing; for tests of the journal alone.
class null_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {}; }
  void fold(const placed_record&, const state_view&) override {}
  void flush(state_batch&) override {}
};

/// Small maps, quick flushes.
store_options small_store(const std::string& dir, const clock_source& clock);
/// Fails the process when the store does not open.
std::unique_ptr<store> must_open(const store_options& options,
                                 std::vector<std::shared_ptr<projection>> projections = {});
/// Waits until the journal is durable up to `at`. False after ten seconds.
bool wait_durable(journal& j, position at);
/// Waits up to ten seconds for `met` to answer true; answers what it said last.
bool wait_until(const std::function<bool()>& met);
/// How many records the state has counted for `key`.
std::uint64_t counted(const state& s, const std::string& key);
/// How many for all keys together: the position of the state, when each record was folded once.
std::uint64_t counted_in_all(const state& s);
/// The positions in table "order", in order.
std::vector<position> folded_positions(const state& s);

}  // namespace switchboard::store
