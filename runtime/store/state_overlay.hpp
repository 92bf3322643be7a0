#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/store/state.hpp"

namespace switchboard::store {

/// What differs from the tables of a state whose file has no room: values put, and keys erased, by
/// table. A value; a table that a copy still holds is copied before it is written. One writer.
class state_overlay {
 public:
  /// Nothing: erased.
  using table = std::map<std::string, std::optional<std::string>, std::less<>>;
  using tables = std::map<std::string, std::shared_ptr<table>, std::less<>>;

  void put(std::string_view name, std::string_view key, std::optional<std::string> value);
  const table* find(std::string_view name) const;
  const tables& all() const { return tables_; }
  /// Of keys and values, about.
  std::size_t bytes() const { return bytes_; }

 private:
  tables tables_;
  std::size_t bytes_ = 0;
};

/// `base` as it reads with `over` laid over it.
std::optional<std::string> find_through(const state_overlay& over, const state_view& base,
                                        std::string_view table, std::string_view key);
void scan_through(const state_overlay& over, const state_view& base, std::string_view table,
                  std::string_view from,
                  const std::function<bool(std::string_view key, std::string_view value)>& visit);

/// A view of both.
class overlaid_view final : public state_view {
 public:
  overlaid_view(std::shared_ptr<const state_overlay> over, std::unique_ptr<state_view> base)
      : over_(std::move(over)), base_(std::move(base)) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return find_through(*over_, *base_, table, key);
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_through(*over_, *base_, table, from, visit);
  }

 private:
  std::shared_ptr<const state_overlay> over_;
  std::unique_ptr<state_view> base_;
};

/// A batch that writes into the overlay.
class overlay_batch final : public state_batch {
 public:
  overlay_batch(state_overlay& over, const state_view& base) : over_(over), base_(base) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return find_through(over_, base_, table, key);
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    // A copy: what is visited may write.
    const state_overlay as_begun = over_;
    scan_through(as_begun, base_, table, from, visit);
  }
  void put(std::string_view table, std::string_view key, std::string_view value) override {
    over_.put(table, key, std::string(value));
  }
  void erase(std::string_view table, std::string_view key) override {
    over_.put(table, key, std::nullopt);
  }

 private:
  state_overlay& over_;
  const state_view& base_;
};

}  // namespace switchboard::store
