#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/text/characters.hpp"
#include "runtime/text/fold_table.hpp"

/// The one folding: text as people mean it, wherever texts are compared, searched, or looked
/// through for words.
///
/// Compatible forms are one (full and half width, ligatures, circled digits: NFKC), case is folded
/// in every script, the digits of every script are 0 to 9, every dash is `-`, a run of white space
/// is one space, and what nobody sees is left out: control and format characters, variation
/// selectors, joiners, accents that make no letter. The four i of Turkish are one. Letters of
/// different scripts that look alike stay different, and so do letters with and without an accent.
/// Pure; thread-safe.
namespace switchboard {

/// Names the folding, with the version of Unicode behind it: an index made under another name is to
/// be made anew.
std::string folding();

/// The whole text folded, in UTF-8, without spaces around it. Bytes that are no UTF-8 stay.
std::string folded(std::string_view text);

/// One character of the folded text, and the bytes of the text it was read from. Several may come
/// from the same bytes.
struct fold_unit {
  char32_t code = 0;
  std::uint32_t begin = 0, end = 0;
};

/// Reads a text character by character as it folds. What is left out belongs to the character
/// before it.
class fold_reader {
 public:
  /// The text must outlive the reader; less than 4 GiB.
  explicit fold_reader(std::string_view text) : text_(text) { look(0); }

  /// False at the end.
  bool next(fold_unit& out) {
    const auto kind = entry_.kind();
    if (run_at_ < run_.size() || ahead_.bytes == 0 || kind > fold_kind::space)
      return next_of_run(out);
    const auto begin = at_;
    const auto written = ahead_.code;
    const auto code = kind == fold_kind::same ? written : entry_.to();
    look(at_ + ahead_.bytes);
    const bool is_space = kind == fold_kind::space;
    if (is_space ? after_space_ || joins_spaces() : entry_.kind() >= fold_kind::joins) {
      is_space ? read_spaces(begin) : read_run(begin, written);
      return next_of_run(out);
    }
    after_space_ = is_space;
    out = {code, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
    return true;
  }

 private:
  void look(std::size_t at) {
    at_ = at;
    ahead_ = read_character(text_, at);
    entry_ = ahead_.bytes == 0 ? fold_entry{} : table_.entry(ahead_.code);
  }
  bool joins_spaces() const {
    return entry_.kind() == fold_kind::space || entry_.kind() == fold_kind::gone;
  }
  bool next_of_run(fold_unit& out);
  void read_run(std::size_t begin, char32_t first);
  void read_spaces(std::size_t begin);

  std::string_view text_;
  const fold_table& table_ = fold_table::get();
  std::size_t at_ = 0;  // of the character ahead
  character ahead_;
  fold_entry entry_;    // of that character
  std::u32string run_;  // read and not yet given: characters that came of the same bytes
  std::size_t run_at_ = 0;
  std::uint32_t run_begin_ = 0, run_end_ = 0;
  bool after_space_ = false;
};

/// How many characters of the text show: what is left out is not counted, a ligature is one.
std::size_t shown_character_count(std::string_view text);

}  // namespace switchboard
