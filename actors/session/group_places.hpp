#pragma once

#include <algorithm>
#include <vector>

#include "runtime/base/ids.hpp"

namespace switchboard {

/// The groups of its present step that a session, or its search for somebody to join, stands in.
/// One that closes meanwhile keeps the place for when it opens again, but nobody is to be expected
/// there: once all have closed, another place is looked for.
class group_places {
 public:
  group_places() = default;
  explicit group_places(std::vector<group_id> open) : open_(std::move(open)) {}

  /// Where somebody can be expected.
  const std::vector<group_id>& open() const { return open_; }
  std::vector<group_id> all() const {
    auto list = open_;
    list.insert(list.end(), closed_.begin(), closed_.end());
    return list;
  }
  /// Of the open ones; places in closed groups are not counted.
  bool empty() const { return open_.empty(); }
  /// Open or closed.
  bool holds(const group_id& g) const { return is_in(open_, g) || is_in(closed_, g); }

  void add(group_id g) {
    std::erase(closed_, g);
    if (!is_in(open_, g)) open_.push_back(std::move(g));
  }
  /// False where it was not expected there anyway.
  bool close(const group_id& g) {
    if (std::erase(open_, g) == 0) return false;
    closed_.push_back(g);
    return true;
  }
  /// False where it does not stand there.
  bool reopen(const group_id& g) {
    if (std::erase(closed_, g) > 0) open_.push_back(g);
    return is_in(open_, g);
  }
  bool remove(const group_id& g) { return std::erase(open_, g) + std::erase(closed_, g) > 0; }
  template <class Gone> void remove_if(const Gone& gone) {
    std::erase_if(open_, gone);
    std::erase_if(closed_, gone);
  }
  template <class Visit> void for_each(const Visit& visit) const {
    for (auto& g : open_) visit(g);
    for (auto& g : closed_) visit(g);
  }
  void clear() {
    open_.clear();
    closed_.clear();
  }
  /// Nowhere at all.
  bool none() const { return open_.empty() && closed_.empty(); }

 private:
  static bool is_in(const std::vector<group_id>& list, const group_id& g) {
    return std::ranges::find(list, g) != list.end();
  }
  std::vector<group_id> open_, closed_;
};

}  // namespace switchboard
