#pragma once

#include <istream>
#include <string>
#include <vector>

namespace switchboard::center {

/// Reads CSV (RFC 4180) record by record: quoted fields with doubled quotes, commas and line ends
/// within; lines end with LF or CRLF; a byte order mark is skipped. Blank lines are skipped too.
/// Memory is bounded by one record.
class csv_reader {
 public:
  static constexpr std::size_t most_record_bytes = 1 << 20;
  static constexpr std::size_t most_fields = 256;

  explicit csv_reader(std::istream& in);

  enum class outcome { record, end, broken };
  /// The next record into `fields`. After `broken` (see `problem`) there is nothing more to read:
  /// where the next record would begin is not known.
  outcome next(std::vector<std::string>& fields);
  /// The line on which the record begins, from 1.
  int line() const { return record_line_; }
  const std::string& problem() const { return problem_; }

 private:
  int take();
  int peek();
  outcome broken(std::string problem);
  bool quoted(std::string& field);
  bool plain(std::string& field);
  bool room(std::size_t fields);

  std::istream& in_;
  int line_ = 1;
  int record_line_ = 1;
  std::size_t record_bytes_ = 0;
  std::string problem_;
};

}  // namespace switchboard::center
