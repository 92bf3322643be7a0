#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::cel {

inline constexpr std::uint32_t replacement_character = 0xFFFD;

/// One decoded code point. `size` is the bytes it took; where they are no valid UTF-8,
/// `valid` is false, `size` is 1 and `code` is U+FFFD.
struct code_point {
  std::uint32_t code = replacement_character;
  std::size_t size = 1;
  bool valid = false;
};

/// Decodes the code point at the front of a non-empty text (no overlong forms, no surrogates).
code_point front_code_point(std::string_view text);
bool is_valid_utf8(std::string_view text);
std::size_t count_code_points(std::string_view text);
/// The byte offset of code point number `index`; `text.size()` when there are just that many.
/// npos when there are fewer.
std::size_t offset_of(std::string_view text, std::size_t index);
/// Requires a Unicode scalar value.
void append_utf8(std::string& out, std::uint32_t code);
/// White space as Unicode defines it (no zero-width characters).
bool is_white_space(std::uint32_t code);

}  // namespace switchboard::cel
