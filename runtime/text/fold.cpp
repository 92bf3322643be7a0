#include "runtime/text/fold.hpp"

#include <algorithm>

namespace switchboard {
namespace {

/// Goes up when something folds otherwise than before.
constexpr int folding_version = 3;

std::string folded_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto e = ascii_folds[static_cast<unsigned char>(c)];
    if (e.kind() == fold_kind::same) {
      out += c;
    } else if (e.kind() == fold_kind::mapped) {
      out += static_cast<char>(e.to());
    } else if (e.kind() == fold_kind::space && !out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

std::string folding() {
  return std::to_string(folding_version) + ", Unicode " + unicode_version();
}

std::string folded(std::string_view text) {
  if (std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; })) return folded_ascii(text);
  std::string out;
  out.reserve(text.size());
  fold_reader reader(text);
  for (fold_unit u; reader.next(u);) {
    if (u.code != U' ' || !out.empty()) append_utf8(out, u.code);
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

bool fold_reader::next_of_run(fold_unit& out) {
  for (;;) {
    while (run_at_ < run_.size()) {
      const auto code = run_[run_at_++];
      const bool again = code == U' ' && after_space_;
      after_space_ = code == U' ';
      if (again) continue;
      out = {code, run_begin_, run_end_};
      return true;
    }
    if (ahead_.bytes == 0) return false;
    const auto begin = at_;
    const auto first = ahead_.code;
    const auto kind = entry_.kind();
    look(at_ + ahead_.bytes);
    if (kind == fold_kind::gone) continue;
    if (kind == fold_kind::space)
      read_spaces(begin);
    else
      read_run(begin, first);
  }
}

/// The character before the one ahead, with what joins it.
void fold_reader::read_run(std::size_t begin, char32_t first) {
  std::u32string run(1, first);
  bool joins = table_.entry(first).kind() >= fold_kind::many;
  for (; ahead_.bytes != 0 && entry_.kind() >= fold_kind::joins; look(at_ + ahead_.bytes)) {
    if (entry_.kind() == fold_kind::gone) continue;
    if (run.size() == fold_table::longest_run) break;
    run += ahead_.code;
    joins = true;
  }
  if (joins) {
    run_ = table_.joined(run);
  } else {
    const auto e = table_.entry(first);
    run_.assign(1, e.kind() == fold_kind::same ? first : e.to());
  }
  run_at_ = 0;
  run_begin_ = static_cast<std::uint32_t>(begin);
  run_end_ = static_cast<std::uint32_t>(at_);
}

void fold_reader::read_spaces(std::size_t begin) {
  auto end = at_;
  while (ahead_.bytes != 0 && joins_spaces()) {
    look(at_ + ahead_.bytes);
    end = at_;
  }
  run_.assign(1, U' ');
  run_at_ = 0;
  run_begin_ = static_cast<std::uint32_t>(begin);
  run_end_ = static_cast<std::uint32_t>(end);
}

std::size_t shown_character_count(std::string_view text) {
  std::size_t count = 0;
  std::uint32_t end = 0;
  fold_reader reader(text);
  for (fold_unit u; reader.next(u); end = u.end) count += u.end != end ? 1 : 0;
  return count;
}

}  // namespace switchboard
