#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/store/lmdb_env.hpp"
#include "runtime/store/state.hpp"
#include "runtime/store/state_overlay.hpp"

namespace switchboard::store {

/// The projections' tables by name.
using table_map = std::map<std::string, lmdb_table, std::less<>>;

/// Told of a value whose checksum is wrong, at each read of it. Any thread.
using damage_handler = std::function<void(std::string_view table, std::string_view key)>;

/// Table "_about": how a state says what it is. Values there are bare, but for the position.
namespace about_state {
inline constexpr std::string_view table = "_about";
inline constexpr std::string_view store_id = "store_id", layout = "layout", position = "position";
/// How values lie there: nothing (bare) in a state of before, `checked` now.
inline constexpr std::string_view values = "values", checked = "crc32c";
}  // namespace about_state

/// The state environment on LMDB: one table per name the projections declare, and "_about" with the
/// store's id and the projector's position. Every value carries a checksum (value_check.hpp), which
/// each read looks at: a damaged one is told of and thrown as `damaged_data`. Thread-safe; all that
/// writes is the projector's alone. A table nobody declared is empty to readers, and a broken
/// invariant to write.
///
/// When the file has no room, what is written lies aside, in memory, and readers see both; the
/// position on disk stays, so that a crash loses nothing that the journal does not have.
class state_lmdb final : public state {
 public:
  /// `aside_bytes`: how much may lie aside.
  static result<std::unique_ptr<state_lmdb>> open(const lmdb_options& options,
                                                  const std::vector<std::string>& tables,
                                                  damage_handler on_damage = {},
                                                  std::size_t aside_bytes = std::size_t{512} << 20);

  /// Each view takes one of the environment's `max_readers`; having none left is a broken invariant
  /// (views leak).
  std::unique_ptr<state_view> view() const override;
  std::unique_ptr<state_view> lenient_view() const override;
  position projected() const override { return projected_.load(std::memory_order_acquire); }
  /// The position on disk.
  position stored() const { return stored_.load(std::memory_order_acquire); }

  /// One transaction: what `fill` writes, and the position. On disk when it answers well. While
  /// something lies aside, or the file is short of room (`is_full`, nothing is changed then):
  /// `write_aside`.
  result<void> write(position at, const std::function<void(state_batch&)>& fill);
  /// Into memory. `resource_exhausted` when too much lies there already.
  result<void> write_aside(position at, const std::function<void(state_batch&)>& fill);
  /// Brings into the file what lies aside. `is_full`: there is no room yet.
  result<void> bring_in();
  /// A transaction beside the positions, for what the clock brings about. Also when the file is
  /// short of room for everything else.
  result<void> tidy(const std::function<void(state_batch&)>& fill);
  bool lies_aside() const { return aside_flag_.load(std::memory_order_acquire); }
  /// Little of the map is left but what `tidy` needs. The projector's alone.
  bool short_of_room();
  /// Reads every value, and tells nobody: table and key of each that is damaged, a hundred thousand
  /// at most.
  std::vector<std::pair<std::string, std::string>> damaged_values() const;
  /// Damaged values met, each time.
  std::uint64_t damaged() const { return damaged_.load(std::memory_order_relaxed); }

  lmdb_env& env() { return *env_; }
  const lmdb_env& env() const { return *env_; }
  lmdb_table about() const { return about_; }

 private:
  state_lmdb(std::unique_ptr<lmdb_env> env, damage_handler on_damage, std::size_t aside_bytes)
      : env_(std::move(env)), aside_bytes_(aside_bytes), on_damage_(std::move(on_damage)) {}
  result<void> load(const std::vector<std::string>& tables);
  std::unique_ptr<state_view> view_that(bool lenient) const;
  result<void> write_file(const std::function<void(state_batch&)>& fill, const position* at);
  void note_damage(std::string_view table, std::string_view key) const;

  friend class lmdb_view;
  friend class lmdb_batch;
  std::unique_ptr<lmdb_env> env_;
  const std::size_t aside_bytes_;
  const damage_handler on_damage_;
  table_map tables_;
  /// Declared, and neither there nor makeable for want of room: empty until the next start.
  bool tables_missing_ = false;
  lmdb_table about_;
  std::chrono::steady_clock::time_point room_looked_{};
  bool short_of_room_ = false;
  std::atomic<position> projected_{0};
  std::atomic<position> stored_{0};
  mutable std::atomic<std::uint64_t> damaged_{0};
  std::atomic<bool> aside_flag_{false};
  mutable std::mutex aside_mutex_;
  std::shared_ptr<const state_overlay> aside_;
};

}  // namespace switchboard::store
