#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How each character folds by itself. Inside this room.
namespace switchboard {

enum class fold_kind : std::uint8_t {
  same,    // stays as it is
  mapped,  // becomes one other character
  space,   // white space
  many,    // becomes several: a ligature, a squared abbreviation
  // From here on what is written before it matters.
  joins,   // may make one character with what stands before: a vowel of Hangul, a voiced mark of
           // katakana
  accent,  // likewise, and falls away where it makes no letter of its own
  gone,    // is looked through
};

struct fold_entry {
  std::uint32_t bits = 0;  // kind and character; 0: stays as it is
  constexpr fold_entry() = default;
  constexpr fold_entry(fold_kind kind, char32_t to)
      : bits(static_cast<std::uint32_t>(kind) << 24 | to) {}
  constexpr fold_kind kind() const { return static_cast<fold_kind>(bits >> 24); }
  constexpr char32_t to() const { return bits & 0xffffff; }
};

/// ASCII's part of the table, which needs no ICU.
inline constexpr auto ascii_folds = [] {
  std::array<fold_entry, 128> out{};
  for (char32_t c = 0; c < out.size(); ++c) {
    if (c == ' ' || (c >= '\t' && c <= '\r'))
      out[c] = {fold_kind::space, U' '};
    else if (c < ' ' || c == 127)
      out[c] = {fold_kind::gone, 0};
    else if (c >= 'A' && c <= 'Z')
      out[c] = {fold_kind::mapped, c + 32};
  }
  return out;
}();

/// All of Unicode in two steps. Made once from ICU's data, in some milliseconds, at the first use.
/// Immutable; thread-safe.
class fold_table {
 public:
  /// A letter has a few marks; more than these fold by themselves, so that no text costs the square
  /// of its length.
  static constexpr std::size_t longest_run = 32;

  static const fold_table& get();

  fold_entry entry(char32_t c) const {
    if (c < ascii_folds.size()) return ascii_folds[c];
    return c < past_unicode
               ? rows_[std::size_t{row_of_[c >> row_bits]} << row_bits | (c & (row_size - 1))]
               : fold_entry{};
  }
  /// What a run of characters that may join becomes; at most `longest_run`.
  std::u32string joined(std::u32string_view run) const;

 private:
  static constexpr char32_t past_unicode = 0x110000;
  static constexpr unsigned row_bits = 7;
  static constexpr char32_t row_size = 1 << row_bits;

  fold_table();

  std::array<std::uint16_t, (past_unicode >> row_bits)> row_of_{};
  std::vector<fold_entry>
      rows_;  // most of Unicode, all of Chinese, shares the row in which everything stays
};

/// "15.0": the version of Unicode the table is made from.
std::string unicode_version();

}  // namespace switchboard
