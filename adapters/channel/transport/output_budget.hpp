#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

namespace switchboard::channel {

/// Bytes held for readers, summed over the connections of a token and over the node: each
/// connection is bounded by itself, and so are all together. Whoever is over is dropped, the
/// largest first: of the token that is over its share, else of the token that holds most. So a
/// connection that reads is not dropped for its neighbours that do not. Thread-safe.
class output_budget {
 public:
  struct limits {
    std::size_t of_token = std::size_t{64} << 20;
    std::size_t in_all = std::size_t{256} << 20;
  };
  class connection;
  using connection_ptr = std::shared_ptr<connection>;

  explicit output_budget(limits l) { take(l); }
  /// From now on.
  void take(limits l);

  /// `drop` ends the connection: from any thread, at most once. `address` is for the log.
  connection_ptr enter(std::string address, std::function<void()> drop);
  /// Whose it is ("channel:app"), once that is known. Like `hold` and `leave`, it is not called for
  /// one connection by two threads at once.
  void own(connection& c, const std::string& token);
  /// It holds so many bytes now. True where `relieve` is due.
  bool hold(connection& c, std::size_t bytes);
  /// It is gone; nothing comes after.
  void leave(const connection_ptr& c);
  /// Drops connections until the rest is within the limits. Not under a lock that `drop` takes.
  void relieve();

  /// Held for all.
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  struct share {
    std::string token;
    std::size_t members = 0;
    std::atomic<std::size_t> held{0};
    // Of the look under way.
    std::size_t seen = 0;
    connection_ptr largest;
  };
  struct verdict {
    connection_ptr who;
    std::string token;
    std::size_t held = 0, limit = 0;
    bool of_node = false;
  };
  verdict pick();
  share& share_of(const std::string& token);
  void let_go(share& s);

  std::atomic<std::size_t> of_token_{0}, in_all_{0}, held_{0};
  std::mutex lock_;
  std::unordered_set<connection_ptr> connections_;
  std::map<std::string, std::unique_ptr<share>> shares_;
};

/// One connection's part of it.
class output_budget::connection {
 public:
  connection(std::string address, std::function<void()> drop)
      : address_(std::move(address)), drop_(std::move(drop)) {}

 private:
  friend class output_budget;
  const std::string address_;
  const std::function<void()> drop_;
  std::atomic<std::size_t> held_{0};
  share* share_ = nullptr;
  bool dropped_ = false;
};

}  // namespace switchboard::channel
