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
      : txn_(txn),
        tables_(tables),
        kind_(kind),
        bytes_(bytes_in_use),
        report_(report),
        errors_(errors) {}

  /// False when reading on is of no use.
  bool take(const nlohmann::json& row, int line) {
    row_fields fields(row, line, errors_);
    auto record = kind_.read(fields);
    if (!record) return true;
    auto [at, fresh] = lines_.emplace(record->key, line);
    if (!fresh) {
      errors_.add(line, {}, "the same record as on line " + std::to_string(at->second));
      return true;
    }
    ++report_.records;
    // What is wrong once will be thrown away: then the rest is only checked.
    if (!errors_.empty()) return true;
    auto stored = put(*record);
    if (!stored) errors_.add(line, {}, stored.error().message);
    return stored.has_value() && within_bounds(line);
  }

 private:
  result<void> put(const stored_record& record) {
    if (auto old = txn_.get(tables_.records, record.key)) {
      ++report_.replaced;
      for (const auto& entry : kind_.index(record.key, *old)) {
        if (auto erased = txn_.erase(tables_.index, entry.key); !erased) return erased;
        ++entries_;
      }
    }
    for (const auto& entry : kind_.index(record.key, record.bytes)) {
      if (auto put = txn_.put(tables_.index, entry.key, entry.value); !put) return put;
      count(entry.key, entry.value);
    }
    count(record.key, record.bytes);
    return txn_.put(tables_.records, record.key, record.bytes);
  }

  // Pages are half empty at worst, after splits.
  void count(std::string_view key, std::string_view value) {
    ++entries_;
    bytes_ += 2 * (key.size() + value.size() + 16);
  }

  bool within_bounds(int line) {
    bool safe = entries_ <= entries_always_safe || bytes_ <= bytes_always_safe;
    if (safe && report_.records <= most_records) return true;
    errors_.add(line, {}, "too much for one import; split the file and import its parts");
    return false;
  }

  store::lmdb_write& txn_;
  const kind_tables& tables_;
  const record_kind& kind_;
  std::uint64_t bytes_;
  std::size_t entries_ = 0;
  import_report& report_;
  import_errors& errors_;
  std::unordered_map<std::string, int> lines_;
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
