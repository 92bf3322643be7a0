#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/center/import_report.hpp"
#include "runtime/base/clock.hpp"

namespace switchboard::center {

/// A moment as import files write it: "2026-03-01", "2026-03-01 10:20",
/// "2026-03-01T10:20:30.5+08:00"; without a zone it is UTC.
std::optional<timestamp> parse_moment(std::string_view text);
/// "129", "129.9" or "129.90" as hundredths, exactly.
std::optional<std::int64_t> parse_hundredths(std::string_view text);

/// Reads one row field by field and reports what is wrong with each. Values of CSV are all text, so
/// numbers may be written as text everywhere. Every field asked for becomes a known one; `finish`
/// refuses the others.
class row_fields {
 public:
  row_fields(const nlohmann::json& row, int line, import_errors& errors, std::string prefix = {})
      : row_(row), line_(line), errors_(errors), prefix_(std::move(prefix)) {}

  enum class presence : std::uint8_t { optional, required };

  std::string text(const char* name, presence p = presence::optional, std::size_t most = 256);
  /// Text that is a key: at most 128 bytes, no control characters.
  std::string id(const char* name, presence p = presence::optional);
  std::int64_t integer(const char* name, std::int64_t otherwise, std::int64_t least,
                       std::int64_t most);
  std::int64_t hundredths(const char* name, presence p = presence::optional);
  timestamp moment(const char* name, presence p = presence::optional);
  std::string phone(const char* name);
  std::string email(const char* name);
  /// A JSON list of texts, or one text whose parts are separated by `|`.
  std::vector<std::string> words(const char* name);
  /// {name: text, number or flag}.
  std::map<std::string, std::string> attributes(const char* name);
  /// The value of an inner object or list, which may be written as JSON text too; null when absent.
  nlohmann::json inner(const char* name);

  void refuse(const char* name, std::string message);
  void finish();
  bool good() const { return good_; }
  int line() const { return line_; }
  import_errors& errors() { return errors_; }
  std::string path(std::string_view name) const { return prefix_ + std::string(name); }

 private:
  /// The value's text where it is a text, a number or a flag; empty when absent (reported if it is
  /// required).
  std::optional<std::string> scalar(const char* name, presence p);

  const nlohmann::json& row_;
  int line_;
  import_errors& errors_;
  std::string prefix_;
  bool good_ = true;
  std::vector<std::string> known_;
};

}  // namespace switchboard::center
