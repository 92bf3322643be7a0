#pragma once

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace switchboard {

/// A list that does not change and that many hold: a copy costs a counter, and a copy compared with
/// its original a pointer. For what is sent along with every message and hardly ever differs.
/// Copies may be held by several threads.
template <class T> class shared_list {
 public:
  using value_type = T;

  shared_list() = default;
  shared_list(std::vector<T> items)
      : items_(items.empty() ? nullptr : std::make_shared<const std::vector<T>>(std::move(items))) {
  }
  shared_list(std::initializer_list<T> items) : shared_list(std::vector<T>(items)) {}

  const std::vector<T>& items() const {
    static const std::vector<T> none;
    return items_ ? *items_ : none;
  }
  operator const std::vector<T>&() const { return items(); }
  auto begin() const { return items().begin(); }
  auto end() const { return items().end(); }
  std::size_t size() const { return items().size(); }
  bool empty() const { return items_ == nullptr; }

  /// True where both hold one and the same list: equal without a look at what is in it.
  bool same(const shared_list& other) const { return items_ == other.items_; }
  bool operator==(const shared_list& other) const {
    return same(other) || items() == other.items();
  }

 private:
  std::shared_ptr<const std::vector<T>> items_;  // never an empty list
};

}  // namespace switchboard
