#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/switchboardctl/terminal_style.hpp"

namespace switchboard::terminal {

/// A table for people: columns as wide as what is in them, two spaces between. Cells are made
/// printable. Not thread-safe.
class text_table {
 public:
  enum class align { left, right };
  struct column {
    std::string title;
    align side = align::left;
    /// No cell is shown wider than this.
    std::size_t most = 48;
  };

  explicit text_table(std::vector<column> columns) : columns_(std::move(columns)) {}

  /// Missing cells are empty, surplus ones are dropped.
  void add(std::vector<std::string> cells, tone as = tone::plain);
  std::size_t rows() const { return rows_.size(); }

  /// One line per row, titles first, no blanks at a line's end.
  std::string text() const;

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<tone> tones_;
};

/// "412ms", "3.2s", "3m12s", "2h05m", "4d03h".
std::string span_text(long long milliseconds);
/// "4711" as "4,711".
std::string count_text(long long number);

}  // namespace switchboard::terminal
