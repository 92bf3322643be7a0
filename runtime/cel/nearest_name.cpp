#include "runtime/cel/nearest_name.hpp"

#include <algorithm>
#include <numeric>

namespace switchboard::cel {

namespace {

// Levenshtein's distance, in which two neighbours changing places count as one edit.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  auto above = row;
  auto above_that = row;
  for (std::size_t i = 0; i < a.size(); ++i) {
    above_that.swap(above);
    above.swap(row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = above[j] + (a[i] == b[j] ? 0 : 1);
      row[j + 1] = std::min({replaced, above[j + 1] + 1, row[j] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
        row[j + 1] = std::min(row[j + 1], above_that[j - 1] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view written, const std::vector<std::string>& known) {
  constexpr std::size_t longest = 64;
  if (written.size() > longest) return {};
  std::string best;
  std::size_t fewest = std::max<std::size_t>(1, written.size() / 3) + 1;
  for (const auto& name : known) {
    if (name.size() > longest) continue;
    const auto edits = edits_between(written, name);
    if (edits >= fewest) continue;
    fewest = edits;
    best = name;
  }
  return best;
}

std::string suggestion(std::string_view written, const std::vector<std::string>& known) {
  const auto near = nearest_name(written, known);
  return near.empty() ? std::string{} : "; did you mean '" + near + "'?";
}

}  // namespace switchboard::cel
