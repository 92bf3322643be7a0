#include "runtime/store/state_lmdb.hpp"

#include <optional>
#include <utility>

namespace switchboard::store {
namespace {

constexpr std::string_view position_key = "position";

std::optional<std::string> find_in(const lmdb_txn& txn, const table_map& tables,
                                   std::string_view table, std::string_view key) {
  auto it = tables.find(table);
  if (it == tables.end()) return std::nullopt;
  auto value = txn.get(it->second, key);
  if (!value) return std::nullopt;
  return std::string(*value);
}

void scan_in(const lmdb_txn& txn, const table_map& tables, std::string_view table,
             std::string_view from,
             const std::function<bool(std::string_view, std::string_view)>& visit) {
  auto it = tables.find(table);
  if (it != tables.end()) txn.scan(it->second, from, visit);
}

class lmdb_view final : public state_view {
 public:
  lmdb_view(lmdb_read txn, const table_map& tables) : txn_(std::move(txn)), tables_(tables) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return find_in(txn_, tables_, table, key);
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_in(txn_, tables_, table, from, visit);
  }

 private:
  lmdb_read txn_;
  const table_map& tables_;
};

/// Keeps its first error for the commit: projections cannot do anything about one.
class lmdb_batch final : public state_batch {
 public:
  lmdb_batch(lmdb_write& txn, const table_map& tables) : txn_(txn), tables_(tables) {}
  std::optional<std::string> find(std::string_view table, std::string_view key) const override {
    return find_in(txn_, tables_, table, key);
  }
  void scan(std::string_view table, std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    scan_in(txn_, tables_, table, from, visit);
  }
  void put(std::string_view table, std::string_view key, std::string_view value) override {
    keep(txn_.put(writable(table), key, value));
  }
  void erase(std::string_view table, std::string_view key) override {
    keep(txn_.erase(writable(table), key));
  }
  const result<void>& outcome() const { return outcome_; }

 private:
  lmdb_table writable(std::string_view table) const {
    auto it = tables_.find(table);
    SB_INVARIANT(it != tables_.end());
    return it->second;
  }
  void keep(result<void> r) {
    if (outcome_ && !r) outcome_ = std::move(r);
  }

  lmdb_write& txn_;
  const table_map& tables_;
  result<void> outcome_;
};

}  // namespace

result<std::unique_ptr<state_lmdb>> state_lmdb::open(const lmdb_options& options,
                                                     const std::vector<std::string>& tables) {
  auto env = lmdb_env::open(options);
  if (!env) return tl::unexpected(env.error());
  auto it = std::unique_ptr<state_lmdb>(new state_lmdb(std::move(*env)));
  if (auto loaded = it->load(tables); !loaded) return tl::unexpected(loaded.error());
  return it;
}

result<void> state_lmdb::load(const std::vector<std::string>& tables) {
  for (const auto& name : tables) {
    auto table = env_->table(name);
    if (!table) return tl::unexpected(table.error());
    tables_[name] = *table;
  }
  auto about = env_->table("_about");
  if (!about) return tl::unexpected(about.error());
  about_ = *about;
  auto txn = env_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  if (auto at = txn->get(about_, position_key)) projected_ = integer_of(*at);
  return {};
}

std::unique_ptr<state_view> state_lmdb::view() const {
  auto txn = env_->begin_read();
  SB_INVARIANT(txn.has_value());
  return std::make_unique<lmdb_view>(std::move(*txn), tables_);
}

result<void> state_lmdb::write(position at, const std::function<void(state_batch&)>& fill) {
  auto txn = env_->begin_write();
  if (!txn) return tl::unexpected(txn.error());
  lmdb_batch batch(*txn, tables_);
  fill(batch);
  if (!batch.outcome()) return batch.outcome();
  auto placed = txn->put(about_, position_key, integer_key(at));
  if (!placed) return placed;
  if (auto done = txn->commit(); !done) return done;
  projected_.store(at, std::memory_order_release);
  return {};
}

}  // namespace switchboard::store
