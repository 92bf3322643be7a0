#include "runtime/text/characters.hpp"

#include <algorithm>
#include <unicode/uchar.h>

namespace switchboard {

character character_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto head = byte(0);
  if (head < 0x80) return {head, 1};
  const character broken{broken_byte + head, 1};
  const std::uint32_t length = head < 0xc2   ? 1
                               : head < 0xe0 ? 2
                               : head < 0xf0 ? 3
                               : head < 0xf5 ? 4
                                             : 1;
  if (length == 1 || text.size() - at < length) return broken;
  char32_t code = head & (0x7fu >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return broken;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return overlong || surrogate || code > 0x10ffff ? broken : character{code, length};
}

void append_utf8(std::string& out, char32_t code) {
  auto byte = [&](char32_t b) { out += static_cast<char>(b); };
  if (code < 0x80) return byte(code);
  if (code >= broken_byte) return byte(code - broken_byte);
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

std::size_t character_count(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view cut_between_characters(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  // A character's later bytes are 10xxxxxx.
  while (most > 0 && (utf8[most] & 0xc0) == 0x80) --most;
  return utf8.substr(0, most);
}

// The blocks of the Unicode standard in which words are written without spaces.
bool is_unspaced(char32_t c) {
  const bool in_block = (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
                        (c >= 0xac00 && c <= 0xd7af) || (c >= 0xf900 && c <= 0xfaff) ||
                        (c >= 0x20000 && c <= 0x3ffff);
  return in_block && c != 0x30fb;  // the middle dot of katakana stands between words
}

bool is_of_word(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c >= broken_byte) return true;
  constexpr std::uint32_t between =
      U_GC_Z_MASK | U_GC_P_MASK | U_GC_CC_MASK | U_GC_SM_MASK | U_GC_SC_MASK | U_GC_SK_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & between) == 0;
}

}  // namespace switchboard
