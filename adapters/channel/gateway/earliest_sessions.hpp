#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/base/ids.hpp"

namespace switchboard {

/// Of all sessions shown to it, the first `limit` in the order in which they were opened, and how
/// many there were. Holds no more than `limit`. Pure; not thread-safe.
class earliest_sessions {
 public:
  explicit earliest_sessions(std::size_t limit) : limit_(limit) {}

  void see(const session_id& id) {
    ++seen_;
    if (kept_.size() == limit_ && (limit_ == 0 || !earlier(id, kept_.front()))) return;
    kept_.push_back(id);
    std::ranges::push_heap(kept_, earlier);
    if (kept_.size() <= limit_) return;
    std::ranges::pop_heap(kept_, earlier);
    kept_.pop_back();
  }
  std::uint64_t seen() const { return seen_; }
  /// Earliest first; empties it.
  std::vector<session_id> take() {
    std::ranges::sort_heap(kept_, earlier);
    return std::move(kept_);
  }

 private:
  /// A ULID begins with the time; the shard says nothing.
  static bool earlier(const session_id& a, const session_id& b) {
    return a.ulid != b.ulid ? a.ulid < b.ulid : a.shard < b.shard;
  }

  std::size_t limit_;
  std::uint64_t seen_ = 0;
  std::vector<session_id> kept_;
};

}  // namespace switchboard
