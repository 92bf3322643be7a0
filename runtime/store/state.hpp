#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// Named tables of the state environment: ordered maps from bytes (at most 511) to bytes.
/// A consistent read view; short-lived, used by one thread.
class state_view {
 public:
  virtual ~state_view() = default;
  virtual std::optional<std::string> find(std::string_view table, std::string_view key) const = 0;
  /// Visits the entries with key >= `from` in key order while `visit` returns true.
  virtual void scan(
      std::string_view table, std::string_view from,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
};

/// The one write transaction of a projection batch. Reads see its own writes.
class state_batch : public state_view {
 public:
  virtual void put(std::string_view table, std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view table, std::string_view key) = 0;
};

/// Folds journal records into tables. The projector calls `fold` for every record in order, then
/// `flush` once per batch inside the batch's transaction, in which the projector also stores its
/// position; always on the projector's thread.
class projection {
 public:
  virtual ~projection() = default;
  virtual std::vector<std::string> tables() const = 0;
  virtual void fold(const placed_record& r, const state_view& before) = 0;
  /// Writes every entity touched since the last flush once, in key order, and forgets them.
  virtual void flush(state_batch& batch) = 0;
};

/// The state environment. Thread-safe.
class state {
 public:
  virtual ~state() = default;
  /// A fresh view of what is projected now.
  virtual std::unique_ptr<state_view> view() const = 0;
  /// The same for who goes on without what is damaged: it is told of, and not there. `view` throws
  /// `damaged_data` (damage.hpp) where it meets it.
  virtual std::unique_ptr<state_view> lenient_view() const { return view(); }
  /// The projector's position as of the view a caller gets next.
  virtual position projected() const = 0;
};

}  // namespace switchboard::store
