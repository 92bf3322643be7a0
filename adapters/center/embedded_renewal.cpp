#include "adapters/center/embedded_rooms.hpp"
#include "runtime/store/value_check.hpp"
#include "runtime/text/rebuild_mark.hpp"

namespace switchboard::center {
namespace {

/// Changed entries in one transaction: well below what LMDB 0.9.24 may spill (embedded_import.cpp).
constexpr std::size_t entries_a_step = 20'000;

constexpr center_kind indexed_kinds[] = {center_kind::member, center_kind::product};

/// For reads that go on without what is damaged: values as they lie there, with their checksums.
store::lmdb_table bare(store::lmdb_table table) {
  table.sealed = nullptr;
  return table;
}

/// The index of one kind, step by step. Several processes may be at it: each step goes on where the
/// last one stopped.
class renewal {
 public:
  renewal(const embedded_store& s, center_kind kind)
      : store_(s), kind_(kind_of(kind)), tables_(s.of(kind)) {}

  bool due(const store::lmdb_txn& txn) const { return !mark(txn).done(); }

  /// One transaction. Answers whether there is more to do.
  result<bool> step() {
    auto txn = store_.env->begin_write();
    if (!txn) return tl::unexpected(txn.error());
    auto at = mark(*txn);
    if (at.done()) return false;
    result<void> ok;
    at.step([&] { return take_out(*txn, ok); },
            [&](const std::string& from) { return put_in(*txn, from, ok); });
    if (ok) ok = txn->put(store_.folding, kind_.name, at.text());
    if (ok) ok = txn->commit();
    if (!ok) return tl::unexpected(ok.error());
    return !at.done();
  }
  std::size_t records() const { return records_; }

 private:
  rebuild_mark mark(const store::lmdb_txn& txn) const {
    const auto stored = txn.get(bare(store_.folding), kind_.name).value_or(std::string_view());
    return rebuild_mark(store::checked_value(kind_.name, stored).value_or(std::string_view()));
  }

  std::size_t take_out(store::lmdb_write& txn, result<void>& ok) const {
    std::vector<std::string> keys;
    txn.scan(bare(tables_.index), {}, [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < entries_a_step;
    });
    for (auto& key : keys) {
      if (ok) ok = txn.erase(tables_.index, key);
    }
    return keys.size();
  }

  std::string put_in(store::lmdb_write& txn, const std::string& from, result<void>& ok) {
    std::vector<index_entry> entries;
    std::string last;
    txn.scan(bare(tables_.records), from, [&](std::string_view key, std::string_view stored) {
      if (key == from) return true;
      last = key;
      ++records_;
      // A damaged record is said to who asks for it.
      const auto bytes = store::checked_value(key, stored);
      if (!bytes) return true;
      for (auto& entry : kind_.index(key, *bytes)) entries.push_back(std::move(entry));
      return entries.size() < entries_a_step;
    });
    for (auto& entry : entries) {
      if (ok) ok = txn.put(tables_.index, entry.key, entry.value);
    }
    return last;
  }

  const embedded_store& store_;
  const record_kind& kind_;
  const kind_tables& tables_;
  std::size_t records_ = 0;
};

}  // namespace

result<void> renew_indexes(const embedded_store& s,
                           const std::function<void(std::string_view, std::size_t)>& progress) {
  for (auto kind : indexed_kinds) {
    renewal one(s, kind);
    {
      auto txn = s.env->begin_read();
      if (!txn) return tl::unexpected(txn.error());
      if (!one.due(*txn)) continue;
    }
    for (bool more = true; more;) {
      auto done = one.step();
      if (!done) return tl::unexpected(done.error());
      more = *done;
      if (progress && one.records() > 0) progress(kind_of(kind).name, one.records());
    }
  }
  return {};
}

}  // namespace switchboard::center
