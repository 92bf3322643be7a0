#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/directory_lock.hpp"
#include "runtime/store/journal_lmdb.hpp"
#include "runtime/store/projector.hpp"
#include "runtime/store/state_lmdb.hpp"
#include "runtime/store/state_renewal.hpp"

namespace switchboard::store {

struct store_options {
  /// Holds "journal", "state" and a lock file; made when it is not there. On a local file system.
  std::string dir;
  std::size_t journal_map_bytes = std::size_t{64} << 30;
  std::size_t state_map_bytes = std::size_t{64} << 30;
  /// State views alive at one time.
  unsigned max_readers = 1024;
  millis retention = std::chrono::hours(24 * 7);
  millis trim_pause{1000};
  admission_limits limits;
  projector_options projecting;
  std::size_t feed_bytes = std::size_t{64} << 20;
  /// How the projections lay out their tables: a state of another layout is refused.
  std::uint32_t state_layout = 1;
  /// Indexes that are made anew where they are out of date.
  std::vector<state_renewal> renewals;
  /// Required; outlives the store.
  const clock_source* clock = nullptr;
  fatal_handler on_fatal = exit_with_reason;
};

/// How the two environments of a store are opened.
lmdb_options journal_environment(const store_options& options);
lmdb_options state_environment(const store_options& options);

/// What a probe or a metrics page shows of a store.
struct store_stats {
  position first = 0;
  position last = 0;
  position durable = 0;
  std::uint64_t commits = 0;
  std::size_t queued_bytes = 0;
  projector_stats projecting;
  lmdb_usage journal;
  lmdb_usage state;
  std::uint64_t disk_free_bytes = 0;
};

/// Journal, state and the projector between them, in one directory. Thread-safe but for stop and
/// destruction.
class store {
 public:
  ~store();
  store(const store&) = delete;
  store& operator=(const store&) = delete;

  switchboard::store::journal& journal() { return *journal_; }
  switchboard::store::state& state() { return *state_; }
  /// 32 hex digits, the same in both environments, made with the journal.
  const std::string& id() const { return id_; }
  store_stats stats() const;
  /// Waits until everything up to `at` is in the state, hurrying the projector. False when the time
  /// is over.
  bool wait_projected(position at, millis patience) { return projector_->wait(at, patience); }

  /// Any thread: how long records are kept, and how full the maps may be, from now on.
  void take_limits(millis retention, double map_used);

  /// A consistent copy of the store into `dir`, which must not exist or be empty; a store itself.
  /// Work goes on meanwhile, trimming waits.
  result<void> backup(const std::string& dir);
  /// Rewrites journal records in place (journal_lmdb::rewrite). What the projector has not folded
  /// yet is waited for first.
  result<std::size_t> rewrite(
      const std::function<std::optional<record_edit>(const placed_record&)>& edit);

  /// Commits everything appended, projects it, and ends both threads. Appending after this is lost.
  void stop();

 private:
  friend result<std::unique_ptr<store>> open_store(
      const store_options& options, std::vector<std::shared_ptr<projection>> projections);
  explicit store(const store_options& options) : options_(options) {}
  result<void> open_environments(const std::vector<std::shared_ptr<projection>>& projections);
  result<void> agree_on_id();
  result<void> check_layout() const;
  result<void> check_positions() const;

  const store_options options_;
  directory_lock lock_;
  std::string id_;
  std::unique_ptr<journal_lmdb> journal_;
  std::unique_ptr<state_lmdb> state_;
  std::unique_ptr<projector> projector_;
};

/// Opens or makes a store, checks that journal and state belong together and that the unprojected
/// tail is whole, and starts writer and projector. The host rebuilds its actors from
/// `state().view()` and `journal().read(state().projected() + 1, ...)`.
result<std::unique_ptr<store>> open_store(const store_options& options,
                                          std::vector<std::shared_ptr<projection>> projections);

/// Shrinks the files of a store nobody has open, by a copy of each environment that replaces it.
/// Needs as much disk again as the data in use.
result<void> compact_store(const store_options& options);
/// The same of one environment.
result<void> compact_environment(const lmdb_options& options);

}  // namespace switchboard::store
