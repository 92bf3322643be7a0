#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/lmdb_env.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::store {

/// The projections' tables by name.
using table_map = std::map<std::string, lmdb_table, std::less<>>;

/// The state environment on LMDB: one table per name the projections declare, and "_about" with the
/// store's id and the projector's position. Thread-safe; `write` is the projector's alone. A table
/// nobody declared is empty to readers, and a broken invariant to write.
class state_lmdb final : public state {
 public:
  static result<std::unique_ptr<state_lmdb>> open(const lmdb_options& options,
                                                  const std::vector<std::string>& tables);

  /// Each view takes one of the environment's `max_readers`; having none left is a broken invariant
  /// (views leak).
  std::unique_ptr<state_view> view() const override;
  position projected() const override { return projected_.load(std::memory_order_acquire); }

  /// One transaction: what `fill` writes, and the position. On disk when it answers well.
  result<void> write(position at, const std::function<void(state_batch&)>& fill);

  lmdb_env& env() { return *env_; }
  const lmdb_env& env() const { return *env_; }
  lmdb_table about() const { return about_; }

 private:
  explicit state_lmdb(std::unique_ptr<lmdb_env> env) : env_(std::move(env)) {}
  result<void> load(const std::vector<std::string>& tables);

  std::unique_ptr<lmdb_env> env_;
  table_map tables_;
  lmdb_table about_;
  std::atomic<position> projected_{0};
};

}  // namespace switchboard::store
