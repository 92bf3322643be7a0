#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/daemon_options.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/metrics/metrics_page.hpp"
#include "runtime/store/store.hpp"

namespace switchboard {

/// The store as a daemon runs it: with its projections, compacted where somebody was erased,
/// forgetting sessions after their time, and what it says of itself. One thread but for what says
/// otherwise.
class daemon_store {
 public:
  /// `clock` outlives it.
  daemon_store(const config::daemon_options& options, const clock_source& clock);

  /// Opens or makes it, and waits until what the last run had not projected is.
  result<void> open();
  store::store* operator->() const { return store_.get(); }
  store::store& operator*() const { return *store_; }
  explicit operator bool() const { return store_ != nullptr; }

  /// Any thread: how long past a close a request_id is remembered.
  void keep_keys_for(millis kept) { keys_kept_ = kept; }
  /// Any thread: the options of a reload.
  void take_options(const config::daemon_options& o);
  /// Any thread: what is told the sessions that are about to be forgotten, for the files sent in
  /// them. While it is empty none is forgotten; when it was replaced, the one before is not called
  /// any more.
  using file_release = std::function<bool(const std::vector<std::string>& sessions)>;
  void forget_files_by(file_release release);

  /// Any thread: whether new work is taken and can be answered, and why not.
  store::admission takes_work() const;

  /// The next start copies the store without what was erased from it.
  void want_compaction() const;

  /// "journal" and "store" of admin.status: two entries of a map.
  void pack_status(codec::packer& p) const;
  void collect(metrics::page& page) const;

 private:
  result<void> compact_if_wanted();
  store::store_options plan();
  std::string compaction_mark() const;
  std::function<std::size_t(store::state_batch&, std::size_t)> forgetting();

  const config::daemon_options& options_;
  const clock_source& clock_;
  std::atomic<millis> keys_kept_;
  std::atomic<millis> sessions_kept_;
  std::mutex release_mutex_;
  file_release release_;
  std::unique_ptr<store::store> store_;
};

}  // namespace switchboard
