#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/store/directory_lock.hpp"
#include "runtime/store/journal_lmdb.hpp"
#include "runtime/store/projector.hpp"
#include "runtime/store/state_lmdb.hpp"
#include "runtime/store/state_migration.hpp"
#include "runtime/store/state_renewal.hpp"
#include "runtime/store/usage_history.hpp"
#include "runtime/store/value_source.hpp"

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
  commit_pace::duration commit_gap{0};
  admission_limits limits;
  projector_options projecting;
  std::size_t feed_bytes = std::size_t{64} << 20;
  /// How the projections lay out their tables, and how a state of an older layout comes to it: one
  /// that is newer, or that no steps lead from, is refused.
  std::uint32_t state_layout = 1;
  store::layout_steps layout_steps;
  /// Indexes that are made anew where they are out of date.
  std::vector<state_renewal> renewals;
  /// How values come about again that the last run met damaged.
  value_source mending;
  /// Required; outlives the store.
  const clock_source* clock = nullptr;
  fatal_handler on_fatal = exit_with_reason;
  notice_handler on_notice;
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
  /// The journal waits for room.
  bool journal_full = false;
  /// Damaged values of the state met since the start, each time.
  std::uint64_t damaged_values = 0;
};

/// How full the maps are, free pages not counted, and in how many days they would be full at the
/// rate of the last days; nothing where that would be a guess.
struct store_room {
  lmdb_usage journal, state;
  std::optional<double> days_of_journal, days_of_state;
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
  /// Walks the lists of free pages: some milliseconds.
  store_room room() const;
  /// Waits until everything up to `at` is in the state, hurrying the projector. False when the time
  /// is over.
  bool wait_projected(position at, millis patience) { return projector_->wait(at, patience); }

  /// Whether work may come in.
  const work_gate& gate() const { return *journal_; }
  /// How many sessions and agents are alive: the maps' reserve follows it. Any thread.
  void count_alive_by(std::function<std::uint64_t()> alive);

  /// Any thread: how long records are kept, and how full the maps may be, from now on.
  void take_limits(millis retention, double map_used);

  /// A consistent copy of the store into `dir`, which must not exist or be empty; a store itself,
  /// and verified (store_verify.hpp): what is damaged here is not copied, but said. Work goes on
  /// meanwhile, trimming waits.
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
  result<void> open_state(const std::vector<std::string>& tables);
  result<void> make_state_anew(const error& why);
  result<void> copy_to(const std::string& dir) const;
  result<void> agree_on_id();
  projector_options projecting();
  void note_usage(state_batch& batch);
  void say(std::string_view event, const std::string& words) const;
  void name_damage(std::string_view table, std::string_view key);
  std::string damage_mark() const;
  result<void> heed_damage_mark();
  result<void> mend_state(const std::vector<std::shared_ptr<projection>>& projections);
  result<void> check_positions() const;

  const store_options options_;
  directory_lock lock_;
  std::string id_;
  std::unique_ptr<journal_lmdb> journal_;
  std::unique_ptr<state_lmdb> state_;
  std::unique_ptr<projector> projector_;
  /// The last run met damaged values, and the journal begins later than they.
  bool to_mend_ = false;
  mutable std::mutex usage_mutex_;
  usage_history journal_usage_, state_usage_;
  /// By hashes of table and key; under usage_mutex_.
  std::set<std::uint64_t> damage_named_;
};

/// Opens or makes a store, checks that journal and state belong together and that the unprojected
/// tail is whole, and starts writer and projector. The host rebuilds its actors from
/// `state().view()` and `journal().read(state().projected() + 1, ...)`.
result<std::unique_ptr<store>> open_store(const store_options& options,
                                          std::vector<std::shared_ptr<projection>> projections);

/// Shrinks the files of a store nobody has open, by a copy of each environment that replaces it.
/// Needs as much disk again as the data in use. Nothing that was erased is in the new files.
result<void> compact_store(const store_options& options);
/// The same of one environment.
result<void> compact_environment(const lmdb_options& options);

}  // namespace switchboard::store
