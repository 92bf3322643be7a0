#include "runtime/store/state_lmdb.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "runtime/store/damage.hpp"
#include "runtime/store/value_check.hpp"

namespace switchboard::store {
namespace {

/// So much of a map is left to what the clock takes out of it: erasing, too, needs pages.
constexpr std::uint64_t tidy_share = 64, most_for_tidy = std::uint64_t{16} << 20;
constexpr std::chrono::milliseconds look_at_room_every{200};

std::string position_value(position at) {
  const auto number = integer_key(at);
  return std::string(number) + std::string(checksum_of(about_state::position, number).view());
}

}  // namespace

/// What the file's views and batches share: finding a table, and looking at the checksum.
class checked_tables {
 public:
  checked_tables(const lmdb_txn& txn, const state_lmdb& of, const table_map& tables, bool lenient)
      : txn_(txn), of_(of), tables_(tables), lenient_(lenient) {}

  std::optional<std::string> find(std::string_view table, std::string_view key) const;
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const;

 private:
  /// Nothing: damaged, and that is let be.
  std::optional<std::string_view> value(std::string_view table, std::string_view key,
                                        std::string_view stored) const;
  const lmdb_txn& txn_;
  const state_lmdb& of_;
  const table_map& tables_;
  const bool lenient_;
};

class lmdb_view final : public state_view {
 public:
  lmdb_view(lmdb_read txn, const state_lmdb& of, bool lenient)
      : txn_(std::move(txn)), read_(txn_, of, of.tables_, lenient) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return read_.find(table, key);
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    read_.scan(table, from, visit);
  }
  static void note_damage(const state_lmdb& of, std::string_view table, std::string_view key) {
    of.note_damage(table, key);
  }

 private:
  lmdb_read txn_;
  checked_tables read_;
};

/// Keeps its first error for the commit: projections cannot do anything about one. After it,
/// nothing is there any more, for LMDB takes no call on a transaction that failed.
class lmdb_batch final : public state_batch {
 public:
  lmdb_batch(lmdb_write& txn, const state_lmdb& of)
      : txn_(txn), tables_(of.tables_), read_(txn, of, of.tables_, true) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return outcome_ ? read_.find(table, key) : std::nullopt;
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    if (outcome_) read_.scan(table, from, visit);
  }
  void put(std::string_view table, std::string_view key, std::string_view value) override {
    if (outcome_) {
      outcome_ = txn_.put(writable(table), key, value, checksum_of(key, value).view());
    }
  }
  void erase(std::string_view table, std::string_view key) override {
    if (outcome_) outcome_ = txn_.erase(writable(table), key);
  }
  const result<void>& outcome() const { return outcome_; }

 private:
  lmdb_table writable(std::string_view table) const {
    auto it = tables_.find(table);
    SB_INVARIANT(it != tables_.end());
    return it->second;
  }

  lmdb_write& txn_;
  const table_map& tables_;
  const checked_tables read_;
  result<void> outcome_;
};

std::optional<std::string_view> checked_tables::value(std::string_view table, std::string_view key,
                                                      std::string_view stored) const {
  auto found = checked_value(key, stored);
  if (found) return found;
  lmdb_view::note_damage(of_, table, key);
  if (lenient_) return std::nullopt;
  throw damaged_data("a value in table " + std::string(table) + " of the state is damaged");
}

std::optional<std::string> checked_tables::find(std::string_view table,
                                                std::string_view key) const {
  auto it = tables_.find(table);
  if (it == tables_.end()) return std::nullopt;
  auto stored = txn_.get(it->second, key);
  if (!stored) return std::nullopt;
  auto found = value(table, key, *stored);
  if (!found) return std::nullopt;
  return std::string(*found);
}

void checked_tables::scan(
    std::string_view table, std::string_view from,
    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  auto it = tables_.find(table);
  if (it == tables_.end()) return;
  txn_.scan(it->second, from, [&](std::string_view key, std::string_view stored) {
    auto found = value(table, key, stored);
    return !found || visit(key, *found);
  });
}

result<std::unique_ptr<state_lmdb>> state_lmdb::open(const lmdb_options& options,
                                                     const std::vector<std::string>& tables,
                                                     damage_handler on_damage,
                                                     std::size_t aside_bytes) {
  auto env = lmdb_env::open(options);
  if (!env) return tl::unexpected(env.error());
  auto it = std::unique_ptr<state_lmdb>(
      new state_lmdb(std::move(*env), std::move(on_damage), aside_bytes));
  if (auto loaded = it->load(tables); !loaded) return tl::unexpected(loaded.error());
  return it;
}

result<void> state_lmdb::load(const std::vector<std::string>& tables) {
  for (const auto& name : tables) {
    auto table = env_->table(name);
    if (!table && is_full(table.error())) {
      tables_missing_ = true;
      continue;
    }
    if (!table) return tl::unexpected(table.error());
    tables_[name] = *table;
  }
  auto about = env_->table(std::string(about_state::table));
  if (!about) return tl::unexpected(about.error());
  about_ = *about;
  auto txn = env_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  auto at = txn->get(about_, about_state::position);
  if (!at) return {};
  auto number = checked_value(about_state::position, *at);
  if (!number || number->size() != sizeof(position)) {
    return fail(errc::internal, env_->dir() + "/data.mdb is damaged: its position cannot be read");
  }
  stored_ = integer_of(*number);
  projected_ = stored_.load();
  return {};
}

std::unique_ptr<state_view> state_lmdb::view_that(bool lenient) const {
  std::shared_ptr<const state_overlay> aside;
  if (lies_aside()) {
    // Before the file's view: what was brought in meanwhile is seen twice, and never not at all.
    std::lock_guard lock(aside_mutex_);
    aside = aside_;
  }
  auto txn = env_->begin_read();
  SB_INVARIANT(txn.has_value());
  auto base = std::make_unique<lmdb_view>(std::move(*txn), *this, lenient);
  if (!aside) return base;
  return std::make_unique<overlaid_view>(std::move(aside), std::move(base));
}

std::unique_ptr<state_view> state_lmdb::view() const {
  return view_that(false);
}

std::unique_ptr<state_view> state_lmdb::lenient_view() const {
  return view_that(true);
}

void state_lmdb::note_damage(std::string_view table, std::string_view key) const {
  damaged_.fetch_add(1, std::memory_order_relaxed);
  if (on_damage_) on_damage_(table, key);
}

std::vector<std::pair<std::string, std::string>> state_lmdb::damaged_values() const {
  constexpr std::size_t most = 100'000;
  std::vector<std::pair<std::string, std::string>> out;
  auto txn = env_->begin_read();
  SB_INVARIANT(txn.has_value());
  for (auto& [name, table] : tables_) {
    txn->scan(table, {}, [&](std::string_view key, std::string_view stored) {
      if (!checked_value(key, stored)) out.emplace_back(name, key);
      return out.size() < most;
    });
  }
  return out;
}

bool state_lmdb::short_of_room() {
  auto usage = env_->usage();
  const auto needed = std::min(usage.mapped / tidy_share, most_for_tidy);
  if (usage.mapped - usage.high_water >= needed) return false;
  // The free list is walked now and then: meanwhile LMDB says so itself.
  const auto now = std::chrono::steady_clock::now();
  if (now < room_looked_ + look_at_room_every) return short_of_room_;
  usage = env_->usage(true);
  room_looked_ = now;
  short_of_room_ = usage.mapped - usage.in_use() < needed;
  return short_of_room_;
}

result<void> state_lmdb::write_file(const std::function<void(state_batch&)>& fill,
                                    const position* at) {
  auto txn = env_->begin_write();
  if (!txn) return tl::unexpected(txn.error());
  lmdb_batch batch(*txn, *this);
  fill(batch);
  if (!batch.outcome()) return batch.outcome();
  if (at) {
    auto placed = txn->put(about_, about_state::position, position_value(*at));
    if (!placed) return placed;
  }
  return txn->commit();
}

result<void> state_lmdb::write(position at, const std::function<void(state_batch&)>& fill) {
  SB_INVARIANT(!lies_aside());
  if (tables_missing_ || short_of_room()) {
    error e = lmdb_error(ENOSPC, "the state has no room left in its map");
    return tl::unexpected(std::move(e));
  }
  if (auto done = write_file(fill, &at); !done) return done;
  stored_.store(at, std::memory_order_release);
  projected_.store(at, std::memory_order_release);
  return {};
}

result<void> state_lmdb::tidy(const std::function<void(state_batch&)>& fill) {
  return write_file(fill, nullptr);
}

result<void> state_lmdb::write_aside(position at, const std::function<void(state_batch&)>& fill) {
  auto next = std::make_shared<state_overlay>();
  {
    std::lock_guard lock(aside_mutex_);
    if (aside_) *next = *aside_;
  }
  auto txn = env_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  const lmdb_view base(std::move(*txn), *this, true);
  overlay_batch batch(*next, base);
  fill(batch);
  if (next->bytes() > aside_bytes_) {
    return fail(errc::resource_exhausted,
                "the state has no room, and as much lies in memory as may");
  }
  std::lock_guard lock(aside_mutex_);
  aside_ = std::move(next);
  aside_flag_.store(true, std::memory_order_release);
  projected_.store(at, std::memory_order_release);
  return {};
}

result<void> state_lmdb::bring_in() {
  if (!lies_aside()) return {};
  const position at = projected();
  if (tables_missing_ || short_of_room()) {
    return tl::unexpected(lmdb_error(ENOSPC, "the state has no room left in its map"));
  }
  const auto aside = aside_;
  auto done = write_file(
      [&](state_batch& batch) {
        for (const auto& [name, table] : aside->all()) {
          for (const auto& [key, value] : *table) {
            if (value)
              batch.put(name, key, *value);
            else
              batch.erase(name, key);
          }
        }
      },
      &at);
  if (!done) return done;
  stored_.store(at, std::memory_order_release);
  std::lock_guard lock(aside_mutex_);
  aside_flag_.store(false, std::memory_order_release);
  aside_.reset();
  return {};
}

}  // namespace switchboard::store
