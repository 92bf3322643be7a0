#include "tools/switchboardctl/text_table.hpp"

#include <algorithm>

#include "runtime/base/span_text.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::terminal {

void text_table::add(std::vector<std::string> cells, tone as) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
  tones_.push_back(as);
}

std::string text_table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    auto widest = width(columns_[c].title);
    for (auto& row : rows_) widest = std::max(widest, std::min(width(row[c]), columns_[c].most));
    widths.push_back(widest);
  }
  std::string out;
  auto line = [&](tone as, auto&& cell_of) {
    std::string row;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) row += "  ";
      row += padded(cell_of(c), widths[c], columns_[c].side == align::right);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    out += toned(row, as) + '\n';
  };
  line(tone::title, [&](std::size_t c) -> const std::string& { return columns_[c].title; });
  for (std::size_t r = 0; r < rows_.size(); ++r)
    line(tones_[r], [&](std::size_t c) -> const std::string& { return rows_[r][c]; });
  return out;
}

std::string span_text(long long milliseconds) {
  return switchboard::span_text(millis{milliseconds}, "");
}

std::string count_text(long long number) {
  auto text = std::to_string(number);
  auto least = number < 0 ? 1 : 0;
  for (auto at = static_cast<int>(text.size()) - 3; at > least; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

}  // namespace switchboard::terminal
