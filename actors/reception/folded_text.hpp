#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Text as people mean it where words are compared: ASCII letters in lower case, full-width forms (ＡＢＣ　１２３) as the
/// half-width ones they stand for, zero-width characters left out. Pure.
namespace switchboard {

struct folded_char {
  char32_t code = 0;       // 0: left out in comparisons
  std::uint32_t bytes = 1;  // of the text it was read from
};

/// Reads the character at `at` (< text.size()); a byte that is not UTF-8 counts as one character of its own.
folded_char fold_char(std::string_view text, std::size_t at);
/// The whole text folded, in UTF-8.
std::string folded(std::string_view text);
/// How many characters there are, for limits that people set.
std::size_t character_count(std::string_view utf8);
void append_utf8(std::string& out, char32_t code);

}  // namespace switchboard
