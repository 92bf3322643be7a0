#include "runtime/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace switchboard {

bool valid_utf8(std::string_view text) {
  auto p = reinterpret_cast<const unsigned char*>(text.data());
  auto end = p + text.size();
  while (p < end) {
    if (*p < 0x80) {
      ++p;
      continue;
    }
    int extra = (*p >> 5) == 0b110 ? 1 : (*p >> 4) == 0b1110 ? 2 : (*p >> 3) == 0b11110 ? 3 : 0;
    if (extra == 0 || end - p <= extra) return false;
    std::uint32_t code = *p & (0x3fu >> extra);
    for (int i = 1; i <= extra; ++i) {
      if ((p[i] & 0xc0) != 0x80) return false;
      code = code << 6 | (p[i] & 0x3fu);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[extra] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    p += extra + 1;
  }
  return true;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates) {
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::string name;
  for (auto& c : candidates) {
    auto d = edit_distance(word, c);
    if (d < best) {
      best = d;
      name = c;
    }
  }
  return name;
}

}  // namespace switchboard
