#pragma once

#include <memory>
#include <string>
#include <utility>

#include "runtime/codec/described.hpp"

namespace switchboard::codec {

/// A described value, or nothing, that can be laid by: packed it takes a third of its memory, and
/// whoever looks at it unpacks it without noticing. Works like a unique_ptr. Not thread-safe,
/// reading included.
template <class T> class packed_when_idle {
 public:
  using element_type = T;

  packed_when_idle() = default;
  packed_when_idle(std::unique_ptr<T> value) : live_(std::move(value)) {}
  packed_when_idle& operator=(std::unique_ptr<T> value) {
    live_ = std::move(value);
    packed_ = {};
    return *this;
  }

  explicit operator bool() const { return live_ || !packed_.empty(); }
  bool operator==(std::nullptr_t) const { return !*this; }
  T* get() const {
    if (!live_ && !packed_.empty()) {
      live_ = std::make_unique<T>();
      SB_INVARIANT(unpack(packed_, *live_));
      packed_ = {};
    }
    return live_.get();
  }
  T& operator*() const { return *get(); }
  T* operator->() const { return get(); }
  void reset() { *this = nullptr; }

  /// Until somebody looks.
  void lay_by() {
    if (!live_) return;
    packed_ = pack(*live_);
    packed_.shrink_to_fit();
    live_.reset();
  }
  bool laid_by() const { return !packed_.empty(); }

 private:
  mutable std::unique_ptr<T> live_;
  mutable std::string packed_;
};

}  // namespace switchboard::codec
