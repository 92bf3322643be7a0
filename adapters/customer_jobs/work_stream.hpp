#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// What one piece of work sends to whom has asked for it: notifications that carry its id, and at
/// the end `customer.done`. Used by the working thread; `cancel` by any.
class work_stream {
 public:
  work_stream(std::string id, outbox_ptr out, std::function<bool()> still_may)
      : id_(std::move(id)), out_(std::move(out)), still_may_(std::move(still_may)) {}

  const std::string& id() const { return id_; }
  std::uint64_t outbox_id() const { return out()->id(); }
  /// Who asks for the same once more hears the rest of it, or the end once more. Not after a
  /// cancel.
  void turn_to(const outbox_ptr& other);
  /// It was cut short, or came to nothing: asked for once more it begins anew.
  bool came_to_nothing() const {
    return cancelled_.load(std::memory_order_acquire) || failed_.load(std::memory_order_acquire);
  }
  /// `pairs` packed fields, `n` of them. Waits while the reader has much unread; false when nobody
  /// reads any more.
  bool send(std::string_view method, std::uint32_t n, std::string_view pairs);
  /// {looked_at, of, found}
  bool progress(std::uint64_t looked_at, std::uint64_t of, std::uint64_t found);
  void done(std::uint32_t n, std::string_view pairs);
  void failed(const error& why);

  /// Nobody wants it any more.
  bool over() const { return cancelled_.load(std::memory_order_acquire) || !out()->open(); }
  void cancel();
  /// Sleeps, but not past a cancel. False when it is over.
  bool pause(millis span);

 private:
  bool refused();
  void notify(std::string_view method, std::uint32_t n, std::string_view pairs);

  /// Takes the lock.
  outbox_ptr out() const {
    std::lock_guard hold(lock_);
    return out_;
  }

  const std::string id_;
  outbox_ptr out_;   // under the lock
  std::string end_;  // the last notification; under the lock
  const std::function<bool()> still_may_;
  std::atomic<bool> cancelled_{false}, failed_{false};
  mutable std::mutex lock_;
  std::condition_variable woken_;
};

}  // namespace switchboard
