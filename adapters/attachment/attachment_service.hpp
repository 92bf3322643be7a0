#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/reception/attachment_release.hpp"
#include "adapters/attachment/attachment_store.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::attachment {

/// The store's one thread and its queue: callers never wait for the disk. Thread-safe. What it is
/// asked for is done in order, and the answer comes on its thread. A full queue is answered at once
/// with `resource_exhausted`.
class attachment_service final : public attachment_release {
 public:
  static constexpr std::size_t most_queued = 4096;
  using job = std::function<void(attachment_store&, timestamp now)>;

  /// Journal and clock outlive it. Starts the thread.
  attachment_service(std::unique_ptr<attachment_store> store, const store::journal& journal,
                     const clock_source& clock);
  ~attachment_service() override;

  /// Does what is queued, then ends the thread: whatever jobs look at must live until then. What is
  /// released later waits for the next start.
  void stop();

  /// False where the queue is full: the job will not run.
  bool post(job j);
  void release(std::string attachment_id, store::position after) override;
  /// All files of these sessions, whose customer is erased; how many. Waits for the thread: not for
  /// an actor's or a connection's.
  result<std::size_t> forget(std::vector<std::string> sessions);
  /// See attachment_store::copy_to. On the caller's thread.
  result<void> copy_to(const std::string& dir) const { return store_->copy_to(dir); }
  /// As of the last look, a second ago at most.
  attachment_store::usage used() const;

 private:
  void run();
  void let_go();
  void look_after(timestamp now);

  std::unique_ptr<attachment_store> store_;
  const store::journal& journal_;
  const clock_source& clock_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<job> jobs_;
  std::vector<std::pair<store::position, std::string>> released_;
  attachment_store::usage used_;
  bool stopping_ = false;
  /// The thread's.
  bool said_damaged_ = false;
  std::thread thread_;
};

}  // namespace switchboard::attachment
