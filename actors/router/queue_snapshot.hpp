#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/session/session_event.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard {

/// What a group last told of itself: what rules read by `queue("x")` and what a step balances by.
struct queue_figures {
  int waiting = 0;
  int online = 0;
  int available = 0;
  /// Of the oldest waiter.
  millis oldest{0};
  /// The share answered in time, 0..1.
  double service_level = 1.0;
  /// Of a newcomer; nothing without data.
  std::optional<time_estimate> eta;
  bool open = true;
};

/// The newest figures of every group, up to 100 ms old. Owned by a router, read while it decides.
/// Bounded by the number of groups. Not thread-safe.
class queue_snapshot {
 public:
  void put(const group_id& group, queue_figures figures);
  /// Null before the group's first report.
  const queue_figures* find(std::string_view group) const;
  std::size_t size() const { return rows_.size(); }
  /// Forgets groups that there are no more.
  template <class Keep> void keep_only(Keep&& keep) {
    std::erase_if(rows_, [&](auto& row) { return !keep(std::string_view(row.first)); });
  }

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, queue_figures, text_hash, std::equal_to<>> rows_;
};

}  // namespace switchboard
