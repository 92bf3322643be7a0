#include "actors/reception/folded_text.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr char32_t broken_byte = 0x110000;  // past Unicode, so that no word holds it

std::uint32_t sequence_length(unsigned char head) {
  if (head >= 0xf0 && head < 0xf8) return 4;
  if (head >= 0xe0) return head < 0xf0 ? 3 : 1;
  return head >= 0xc0 ? 2 : 1;
}

char32_t fold(char32_t c) {
  // Full-width forms of ASCII (Unicode, Halfwidth and Fullwidth Forms), and the ideographic space.
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
  if (c == 0x3000) c = ' ';
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  bool zero_width = (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xad;
  return zero_width ? 0 : c;
}

}  // namespace

folded_char fold_char(std::string_view text, std::size_t at) {
  auto head = static_cast<unsigned char>(text[at]);
  if (head < 0x80) return {head >= 'A' && head <= 'Z' ? head + U'\x20' : head, 1};
  auto length = sequence_length(head);
  if (length == 1 || text.size() - at < length) return {broken_byte + head, 1};
  char32_t code = head & (0x7fu >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0) != 0x80) return {broken_byte + head, 1};
    code = code << 6 | (next & 0x3fu);
  }
  return {fold(code), length};
}

void append_utf8(std::string& out, char32_t code) {
  auto byte = [&](char32_t b) { out += static_cast<char>(b); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto c = fold_char(text, at);
    if (c.code >= broken_byte)
      out += text[at];
    else if (c.code != 0)
      append_utf8(out, c.code);
    at += c.bytes;
  }
  return out;
}

std::size_t character_count(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace switchboard
