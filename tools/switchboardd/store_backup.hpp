#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/messages/dispatch_messages.hpp"
#include "adapters/attachment/attachment_service.hpp"
#include "adapters/center/embedded_centers.hpp"
#include "runtime/store/store.hpp"

namespace switchboard {

/// What a backup copies. Outlives it.
struct backup_sources {
  store::store& store;
  const attachment::attachment_service& files;
  const center::embedded_centers& centers;
  const clock_source& clock;
  std::string node;
  /// Where a start puts what it found damaged and goes on without: while something lies there, a
  /// copy would lack it, and might take the place of the last one that has it.
  std::vector<std::string> set_aside;
};

/// Copies of a running daemon's data, one at a time, each on a thread of its own: no actor and no
/// connection waits for the disk. A folder that holds a whole one has `backup.json`, written last.
/// Thread-safe but for `stop`.
class store_backup {
 public:
  explicit store_backup(backup_sources from) : from_(std::move(from)) {}
  ~store_backup() { stop(); }

  /// Into `dir`, an absolute path on this machine, which is empty or not there. Answers when all is
  /// on disk: {dir, position, bytes, took_ms}; what failed leaves nothing behind.
  void begin(const std::string& dir, const reply_to& to);
  /// Waits for the one under way; none begins later.
  void stop();

 private:
  void run(const std::string& dir, const reply_to& to);

  const backup_sources from_;
  std::mutex lock_;
  std::thread thread_;
  bool stopping_ = false;
  std::atomic<bool> busy_{false};
};

}  // namespace switchboard
