#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "runtime/base/clock.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/admission_gate.hpp"
#include "runtime/store/append_queue.hpp"
#include "runtime/store/commit_feed.hpp"
#include "runtime/store/commit_pace.hpp"
#include "runtime/store/durable_calls.hpp"
#include "runtime/store/journal.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Called when the store cannot go on. The default prints the reason and leaves the process at
/// once, without destructors: other actors may have acted on what was lost. A test's hook may
/// return; the store does nothing more then.
using fatal_handler = std::function<void(std::string_view reason)>;
void exit_with_reason(std::string_view reason);
/// Told in words what an operator should know: no more room, damage, progress. Any thread.
using notice_handler = std::function<void(std::string_view event, std::string_view words)>;

struct journal_options {
  lmdb_options env;
  admission_limits limits;
  /// Records younger than this are kept, whoever has read them.
  millis retention = std::chrono::hours(24 * 7);
  /// How often the writer looks for records past retention, when it found no more the last time.
  millis trim_pause{1000};
  /// Required; outlives the journal.
  const clock_source* clock = nullptr;
  /// Committed records kept in memory for the projector; past it they are read back.
  std::size_t feed_bytes = std::size_t{64} << 20;
  /// One commit takes about this at most: far below the size at which an LMDB transaction spills.
  std::size_t batch_bytes = std::size_t{8} << 20;
  /// The least from one commit's beginning to the next's while many write at once
  /// (commit_pace.hpp); 0 for none.
  commit_pace::duration commit_gap{0};
  fatal_handler on_fatal = exit_with_reason;
  notice_handler on_notice;
};

/// The journal on LMDB: table "records" by 8-byte position, values as record_format.hpp has them;
/// table "about" with the store's id. Open, then `start` once; the writer thread runs until `stop`,
/// which commits everything appended before.
///
/// Where map or disk have no room for a commit, nothing was written and nobody was told: the writer
/// keeps what is appended, admits nothing that writes, and tries again until there is room. `stop`
/// then leaves unwritten what nobody was told of.
class journal_lmdb final : public journal, public work_gate {
 public:
  static result<std::unique_ptr<journal_lmdb>> open(const journal_options& options);
  ~journal_lmdb() override;

  position append(record r) override;
  position last() const override { return queue_.last(); }
  position durable() const override { return durable_.load(std::memory_order_acquire); }
  position projected() const override { return projected_.load(std::memory_order_acquire); }
  admission admits() const override { return admits(work::begins); }
  admission admits(work what) const override { return gate_.current(what, queue_.bytes()); }
  admission answers() const override { return gate_.answers(); }
  int on_durable(std::function<void(position)> call) override {
    return calls_.add(std::move(call));
  }
  void unsubscribe(int handle) override { calls_.remove(handle); }
  result<position> read(position from, std::size_t limit,
                        const std::function<bool(const placed_record&)>& visit) const override;
  position first() const override { return first_.load(std::memory_order_acquire); }

  /// Reads every record from `from` on: checksums right, no position missing. For recovery, before
  /// `start`.
  result<void> verify(position from) const;
  void start(position projected, const lmdb_env* state);
  void stop();

  /// While a hold is in force nothing is trimmed (a backup runs).
  void hold_trimming() { ++trim_holds_; }
  void release_trimming() { --trim_holds_; }
  /// Rewrites durable records in place, in small transactions: `edit` answers the new events of a
  /// record, or nothing to leave it. An edited record is marked erased. Answers how many; for the
  /// erasure of a customer.
  result<std::size_t> rewrite(
      const std::function<std::optional<record_edit>(const placed_record&)>& edit);

  /// Any thread; the writer takes it up within a moment.
  void keep_for(millis retention) { retention_.store(retention, std::memory_order_relaxed); }
  admission_gate& gate() { return gate_; }
  /// The writer waits for room.
  bool stalled() const { return stalled_.load(std::memory_order_relaxed); }
  /// Any thread: nothing above `at` is trimmed, whatever is projected.
  void keep_above(position at) { keep_above_.store(at, std::memory_order_relaxed); }

  commit_feed& feed() { return feed_; }
  void note_projected(position at);
  lmdb_env& env() { return *env_; }
  const lmdb_env& env() const { return *env_; }
  lmdb_table about() const { return about_; }
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  std::size_t queued_bytes() const { return queue_.bytes(); }
  std::uint64_t disk_free() const { return gate_.disk_free(); }

 private:
  journal_lmdb(const journal_options& options, std::unique_ptr<lmdb_env> env);
  result<void> load();
  void write_until_stopped();
  bool wait_for_room(record_runs& runs, const error& why);
  bool trim_due() const;
  result<void> commit(record_runs& runs);
  result<void> append_runs(lmdb_write& txn, record_runs& runs);
  result<position> trim(lmdb_write& txn, std::size_t at_most);
  void fail_for_good(const error& why);

  const journal_options options_;
  std::unique_ptr<lmdb_env> env_;
  lmdb_table records_;
  lmdb_table about_;
  append_queue queue_;
  commit_feed feed_;
  admission_gate gate_;
  durable_calls calls_;
  std::atomic<position> durable_{0};
  std::atomic<position> projected_{0};
  std::atomic<position> first_{1};
  std::atomic<millis> retention_;
  std::atomic<int> trim_holds_{0};
  std::atomic<position> keep_above_{~position{0}};
  std::atomic<bool> stalled_{false};
  std::atomic<std::uint64_t> commits_{0};
  /// The writer's: when the next commit may begin.
  commit_pace pace_;
  /// The writer's: when to look again for something to trim.
  std::chrono::steady_clock::time_point next_trim_{};
  /// The writer's: the last look left more to trim.
  bool trimming_ = false;
  std::thread writer_;
};

}  // namespace switchboard::store
