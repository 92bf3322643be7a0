#include <unordered_map>

#include "adapters/center/embedded_rooms.hpp"
#include "adapters/center/row_source.hpp"

namespace switchboard::center {
namespace {

/// LMDB 0.9.24 must not be made to spill a transaction's pages (facts of its release notes: fixed
/// later), which it does past 131,071 changed pages. An import stays below that, whatever its keys:
/// either it changes few entries, or the whole environment is small enough.
constexpr std::size_t entries_always_safe = 100'000;
constexpr std::uint64_t bytes_always_safe = 110'000ull * 4096;
constexpr std::size_t most_records = 2'000'000;

/// One import in one transaction.
class import_run {
 public:
  import_run(store::lmdb_write& txn, const kind_tables& tables, const record_kind& kind,
             std::uint64_t bytes_in_use, import_report& report, import_errors& errors)
      : x_txn(txn),
        x_tables(tables),
        x_kind(kind),
        x_bytes(bytes_in_use),
        x_report(report),
        x_errors(errors) {}

  /// False when reading on is of no use.
  bool take(const nlohmann::json& row, int line) {
    row_fields fields(row, line, x_errors);
    auto record = x_kind.read(fields);
    if (!record) return true;
    auto [at, fresh] = x_lines.emplace(record->key, line);
    if (!fresh) {
      x_errors.add(line, {}, "the same record as on line " + std::to_string(at->second));
      return true;
    }
    ++x_report.records;
    // What is wrong once will be thrown away: then the rest is only checked.
    if (!x_errors.empty()) return true;
    auto stored = put(*record);
    if (!stored) x_errors.add(line, {}, stored.error().message);
    return stored.has_value() && within_bounds(line);
  }

 private:
  result<void> put(const stored_record& record) {
    if (auto old = x_txn.get(x_tables.records, record.key)) {
      ++x_report.replaced;
      for (const auto& entry : x_kind.index(record.key, *old)) {
        if (auto erased = x_txn.erase(x_tables.index, entry.key); !erased) return erased;
        ++x_entries;
      }
    }
    for (const auto& entry : x_kind.index(record.key, record.bytes)) {
      if (auto put = x_txn.put(x_tables.index, entry.key, entry.value); !put) return put;
      count(entry.key, entry.value);
    }
    count(record.key, record.bytes);
    return x_txn.put(x_tables.records, record.key, record.bytes);
  }

  // Pages are half empty at worst, after splits.
  void count(std::string_view key, std::string_view value) {
    ++x_entries;
    x_bytes += 2 * (key.size() + value.size() + 16);
  }

  bool within_bounds(int line) {
    bool safe = x_entries <= entries_always_safe || x_bytes <= bytes_always_safe;
    if (safe && x_report.records <= most_records) return true;
    x_errors.add(line, {}, "too much for one import; split the file and import its parts");
    return false;
  }

  store::lmdb_write& x_txn;
  const kind_tables& x_tables;
  const record_kind& x_kind;
  std::uint64_t x_bytes;
  std::size_t x_entries = 0;
  import_report& x_report;
  import_errors& x_errors;
  std::unordered_map<std::string, int> x_lines;
};

result<void> clear(store::lmdb_write& txn, const kind_tables& tables) {
  if (auto cleared = txn.clear(tables.records); !cleared) return cleared;
  return txn.clear(tables.index);
}

}  // namespace

import_report import_rows(const embedded_store& s, const import_request& request,
                          std::istream& in) {
  import_report report;
  import_errors errors(request.source, report);
  const auto& tables = s.of(request.kind);
  auto in_use = s.env->usage(true).in_use();
  auto txn = s.env->begin_write();
  if (!txn) return errors.add(0, {}, txn.error().message), report;
  if (request.mode == import_mode::replace) {
    if (auto cleared = clear(*txn, tables); !cleared) {
      return errors.add(0, {}, cleared.error().message), report;
    }
  }
  import_run run(*txn, tables, kind_of(request.kind), in_use, report, errors);
  read_rows(in, request.format, errors,
            [&](const nlohmann::json& row, int line) { return run.take(row, line); });
  // Dropped without a commit, the transaction leaves everything as it was.
  if (!report.good()) return report;
  if (auto committed = txn->commit(); !committed) errors.add(0, {}, committed.error().message);
  return report;
}

}  // namespace switchboard::center
