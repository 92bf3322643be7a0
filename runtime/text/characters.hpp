#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Single characters of UTF-8, and what kind they are. Pure; thread-safe.
namespace switchboard {

/// What a byte that belongs to no well-formed character counts as: past Unicode, so that nothing is
/// equal to it but the same byte.
inline constexpr char32_t broken_byte = 0x110000;

struct character {
  char32_t code = 0;
  std::uint32_t bytes = 0;  // 0 at the end of the text
};

/// The character at `at`; overlong forms and surrogates are broken bytes (RFC 3629).
character character_at(std::string_view text, std::size_t at);
/// The same, with what most texts hold decided here.
inline character read_character(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const char32_t head = byte(0);
  if (head < 0x80) return {head, 1};
  // Three bytes, but for those that may be overlong or surrogates: most of Chinese.
  if (head > 0xe0 && head < 0xed && text.size() - at > 2) {
    const char32_t second = byte(1) ^ 0x80u, third = byte(2) ^ 0x80u;
    if ((second | third) < 0x40) return {(head & 0x0f) << 12 | second << 6 | third, 3};
  }
  return character_at(text, at);
}
/// Appends the character, or the byte that a broken one stands for.
void append_utf8(std::string& out, char32_t code);

/// How many characters there are, for limits that people set.
std::size_t character_count(std::string_view utf8);
/// No more than `most` bytes of the text, cut between characters.
std::string_view cut_between_characters(std::string_view utf8, std::size_t most);

/// Of a script that is written without spaces between words: Chinese, Japanese, Korean.
bool is_unspaced(char32_t c);
/// Of a word: letters, digits, marks on them, and symbols such as emoji. Spaces, punctuation and
/// signs stand between words.
bool is_of_word(char32_t c);

}  // namespace switchboard
