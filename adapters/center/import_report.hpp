#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::center {

enum class center_kind : std::uint8_t { member, tag, product, order };
enum class import_format : std::uint8_t { csv, jsonl };
enum class import_mode : std::uint8_t {
  /// Records of the same key are replaced, others stay.
  upsert,
  /// What was there before is gone.
  replace,
};

/// One thing wrong in one place: "members.csv:17: phone: expected digits".
struct import_error {
  std::string source;
  /// From 1; 0 for the import as a whole.
  int line = 0;
  std::string field;
  std::string message;

  bool operator==(const import_error&) const = default;
};
std::string to_string(const import_error& e);

/// What an import did: everything, or nothing and why not.
struct import_report {
  /// Records read; when there are errors, none of them was kept.
  std::size_t records = 0;
  /// Of these, how many took the place of an earlier one.
  std::size_t replaced = 0;
  /// The first hundred.
  std::vector<import_error> errors;
  std::size_t more_errors = 0;

  bool good() const { return errors.empty(); }
};

/// Gathers a report's errors; bounded.
class import_errors {
 public:
  import_errors(std::string source, import_report& report)
      : source_(std::move(source)), report_(report) {}
  void add(int line, std::string field, std::string message);
  bool empty() const { return report_.errors.empty(); }

 private:
  static constexpr std::size_t most = 100;
  std::string source_;
  import_report& report_;
};

}  // namespace switchboard::center
