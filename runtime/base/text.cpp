#include "runtime/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace switchboard {

namespace {

/// The length of the well-formed character at `p`, 0 where there is none (The Unicode Standard,
/// table 3-7).
std::size_t character_at(const unsigned char* p, const unsigned char* end) {
  const auto left = end - p;
  const unsigned head = p[0];
  auto follows = [&](int i, unsigned from = 0x80, unsigned to = 0xbf) {
    return p[i] >= from && p[i] <= to;
  };
  if (head < 0x80) return 1;
  if (head >= 0xe0 && head <= 0xef) {
    if (left < 3 || !follows(2)) return 0;
    return follows(1, head == 0xe0 ? 0xa0 : 0x80, head == 0xed ? 0x9f : 0xbf) ? 3 : 0;
  }
  if (head >= 0xc2 && head <= 0xdf) return left >= 2 && follows(1) ? 2 : 0;
  if (head < 0xf0 || head > 0xf4 || left < 4 || !follows(2) || !follows(3)) return 0;
  return follows(1, head == 0xf0 ? 0x90 : 0x80, head == 0xf4 ? 0x8f : 0xbf) ? 4 : 0;
}

/// Past the ASCII that `p` stands at; eight bytes at a time, for most text is nothing else.
const unsigned char* past_ascii(const unsigned char* p, const unsigned char* end) {
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  for (; end - p >= 8; p += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, p, sizeof eight);
    if ((eight & high_bits) != 0) break;
  }
  while (p < end && *p < 0x80) ++p;
  return p;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  auto p = reinterpret_cast<const unsigned char*>(text.data());
  const auto end = p + text.size();
  while ((p = past_ascii(p, end)) < end) {
    while (p < end && *p >= 0x80) {
      const auto size = character_at(p, end);
      if (size == 0) return false;
      p += size;
    }
  }
  return true;
}

std::string mended_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  auto p = reinterpret_cast<const unsigned char*>(text.data());
  const auto end = p + text.size();
  while (p < end) {
    const auto size = character_at(p, end);
    if (size == 0)
      out += "\xef\xbf\xbd";
    else
      out.append(reinterpret_cast<const char*>(p), size);
    p += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0u) == 0x80) --bytes;
  return text.substr(0, bytes);
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
