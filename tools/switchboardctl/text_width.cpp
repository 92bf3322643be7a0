#include "tools/switchboardctl/text_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace switchboard::terminal {
namespace {

struct block {
  char32_t first, last;
};

constexpr std::array wide{block{0x1100, 0x115F},   block{0x231A, 0x231B},   block{0x23E9, 0x23EC},
                          block{0x2614, 0x2615},   block{0x26A1, 0x26A1},   block{0x2705, 0x2705},
                          block{0x274C, 0x274C},   block{0x2753, 0x2757},   block{0x2E80, 0x303E},
                          block{0x3041, 0x33FF},   block{0x3400, 0x4DBF},   block{0x4E00, 0x9FFF},
                          block{0xA000, 0xA4CF},   block{0xA960, 0xA97F},   block{0xAC00, 0xD7A3},
                          block{0xF900, 0xFAFF},   block{0xFE10, 0xFE19},   block{0xFE30, 0xFE6F},
                          block{0xFF00, 0xFF60},   block{0xFFE0, 0xFFE6},   block{0x16FE0, 0x18AFF},
                          block{0x1B000, 0x1B2FF}, block{0x1F004, 0x1F004}, block{0x1F0CF, 0x1F0CF},
                          block{0x1F18E, 0x1F19A}, block{0x1F200, 0x1F320}, block{0x1F32D, 0x1F64F},
                          block{0x1F680, 0x1F6FF}, block{0x1F7E0, 0x1F7EB}, block{0x1F90C, 0x1FAFF},
                          block{0x20000, 0x3FFFD}};

constexpr std::array combining{block{0x0300, 0x036F}, block{0x0483, 0x0489},  block{0x0591, 0x05BD},
                               block{0x064B, 0x065F}, block{0x0900, 0x0902},  block{0x093C, 0x093C},
                               block{0x0E31, 0x0E31}, block{0x0E34, 0x0E3A},  block{0x0E47, 0x0E4E},
                               block{0x1AB0, 0x1AFF}, block{0x1DC0, 0x1DFF},  block{0x200B, 0x200D},
                               block{0x20D0, 0x20FF}, block{0x302A, 0x302D},  block{0xFE00, 0xFE0F},
                               block{0xFE20, 0xFE2F}, block{0xE0100, 0xE01EF}};

bool in(const auto& blocks, char32_t point) {
  auto at = std::ranges::lower_bound(blocks, point, {}, &block::last);
  return at != blocks.end() && at->first <= point;
}

bool steers(char32_t p) {
  bool control = p < 0x20 || (p >= 0x7F && p < 0xA0);
  bool direction = p == 0x061C || p == 0x200E || p == 0x200F || (p >= 0x202A && p <= 0x202E) ||
                   (p >= 0x2066 && p <= 0x2069);
  return control || direction || p == 0x2028 || p == 0x2029 || p == 0xFEFF;
}

int shown_width(char32_t point) {
  return steers(point) ? 1 : width_of(point);
}

}  // namespace

int width_of(char32_t point) {
  if (point < 0x300) return 1;
  if (in(combining, point)) return 0;
  return in(wide, point) ? 2 : 1;
}

char32_t next_point(std::string_view text, std::size_t& at) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  std::uint8_t lead = byte(at);
  std::size_t more = lead < 0x80 ? 0 : lead < 0xC2 ? 4 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  if (more == 0) return byte(at++);
  if (more == 4 || lead > 0xF4 || at + more >= text.size()) {
    ++at;
    return 0xFFFD;
  }
  char32_t point = lead & (0x3F >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) {
      ++at;
      return 0xFFFD;
    }
    point = (point << 6) | (byte(at + i) & 0x3F);
  }
  at += more + 1;
  return point;
}

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    columns += static_cast<std::size_t>(shown_width(next_point(text, at)));
  }
  return columns;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto from = at;
    auto point = next_point(text, at);
    if (steers(point)) {
      out += ' ';
    } else if (point == 0xFFFD) {
      out += "\uFFFD";
    } else {
      out.append(text.substr(from, at - from));
    }
  }
  return out;
}

std::string clipped(std::string_view text, std::size_t columns) {
  auto safe = printable(text);
  if (width(safe) <= columns) return safe;
  if (columns == 0) return {};
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < safe.size()) {
    auto next = at;
    auto wide_as = static_cast<std::size_t>(width_of(next_point(safe, next)));
    if (used + wide_as > columns - 1) break;
    used += wide_as;
    at = next;
  }
  return safe.substr(0, at) + "…";
}

std::string padded(std::string_view text, std::size_t columns, bool right) {
  auto out = clipped(text, columns);
  std::string fill(columns - std::min(columns, width(out)), ' ');
  return right ? fill + out : out + fill;
}

}  // namespace switchboard::terminal
