#pragma once

#include <functional>
#include <list>
#include <mutex>

#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// The callbacks of a journal's `on_durable`. Thread-safe. A callback may add and remove, itself
/// included.
class durable_calls {
 public:
  int add(std::function<void(position)> call) {
    std::lock_guard lock(mutex_);
    entries_.push_back({++last_handle_, std::move(call)});
    return last_handle_;
  }

  /// Waits for a round of calls that runs on another thread.
  void remove(int handle) {
    std::lock_guard lock(mutex_);
    for (auto& e : entries_) {
      if (e.handle == handle) e.handle = 0;
    }
    if (!calling_) purge();
  }

  void clear() {
    std::lock_guard lock(mutex_);
    for (auto& e : entries_) e.handle = 0;
    if (!calling_) purge();
  }

  void call(position durable) {
    std::lock_guard lock(mutex_);
    calling_ = true;
    for (auto& e : entries_) {
      if (e.handle != 0) e.call(durable);
    }
    calling_ = false;
    purge();
  }

 private:
  struct entry {
    int handle;
    std::function<void(position)> call;
  };
  void purge() {
    entries_.remove_if([](const entry& e) { return e.handle == 0; });
  }

  /// Recursive, for a callback that adds or removes.
  std::recursive_mutex mutex_;
  std::list<entry> entries_;
  int last_handle_ = 0;
  bool calling_ = false;
};

}  // namespace switchboard::store
