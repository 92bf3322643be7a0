#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace switchboard {

/// As std::optional, for what is there rarely in something of which there are hundreds of
/// thousands: nothing costs a pointer, not the size of a T. Copies are deep. Not thread-safe.
template <class T> class optional_ptr {
 public:
  optional_ptr() = default;
  optional_ptr(std::nullopt_t) {}
  optional_ptr(T value) : held_(std::make_unique<T>(std::move(value))) {}
  optional_ptr(const optional_ptr& other)
      : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  optional_ptr(optional_ptr&&) noexcept = default;
  optional_ptr& operator=(optional_ptr other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  bool has_value() const { return held_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *held_; }
  const T& operator*() const { return *held_; }
  T* operator->() { return held_.get(); }
  const T* operator->() const { return held_.get(); }
  void reset() { held_.reset(); }
  template <class... Args> T& emplace(Args&&... args) {
    held_ = std::make_unique<T>(std::forward<Args>(args)...);
    return *held_;
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace switchboard
