#include "runtime/text/fold_table.hpp"

#include <algorithm>
#include <map>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "runtime/base/error.hpp"

namespace switchboard {
namespace {

/// NFKC_Casefold (Unicode Standard Annex 44): compatible forms, case folded, default-ignorable
/// characters left out.
const UNormalizer2* folding_form() {
  static const UNormalizer2* const form = [] {
    UErrorCode failed = U_ZERO_ERROR;
    auto* found = unorm2_getNFKCCasefoldInstance(&failed);
    SB_INVARIANT(U_SUCCESS(failed) && found != nullptr);
    return found;
  }();
  return form;
}

/// At most `fold_table::longest_run` characters.
std::u32string normalised(std::u32string_view text) {
  constexpr std::int32_t units_of_one = 18;  // no character becomes more
  constexpr std::int32_t room = 2 * fold_table::longest_run * units_of_one;
  SB_INVARIANT(text.size() <= fold_table::longest_run);
  UChar from[2 * fold_table::longest_run], to[room];
  std::int32_t length = 0;
  for (auto c : text) U16_APPEND_UNSAFE(from, length, c);
  UErrorCode failed = U_ZERO_ERROR;
  length = unorm2_normalize(folding_form(), from, length, to, room, &failed);
  if (U_FAILURE(failed)) return std::u32string(text);
  std::u32string out;
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U16_NEXT(to, i, length, c);
    out += static_cast<char32_t>(c);
  }
  return out;
}

/// The blocks of marks that go on letters of any script: accents, strokes through, rings around.
bool is_general_mark(UChar32 c) {
  return (c >= 0x0300 && c <= 0x036f) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
         (c >= 0xfe20 && c <= 0xfe2f);
}

bool is_left_out(UChar32 c) {
  auto type = u_charType(c);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_ENCLOSING_MARK ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

constexpr UChar32 braille_blank = 0x2800, dotless_i = 0x0131;

fold_entry entry_of(UChar32 c) {
  if (c < 0x80) return ascii_folds[static_cast<std::size_t>(c)];
  if (u_isUWhiteSpace(c) || c == braille_blank) return {fold_kind::space, U' '};
  if (is_left_out(c)) return {fold_kind::gone, 0};
  if (u_hasBinaryProperty(c, UCHAR_DASH))
    return c == '-' ? fold_entry{} : fold_entry{fold_kind::mapped, U'-'};
  if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
    auto digit = U'0' + static_cast<char32_t>(u_charDigitValue(c));
    return static_cast<char32_t>(c) == digit ? fold_entry{} : fold_entry{fold_kind::mapped, digit};
  }
  // The four i of Turkish are one: who looks for a name does not say in which language.
  if (c == dotless_i) return {fold_kind::mapped, U'i'};
  if (is_general_mark(c)) return {fold_kind::accent, 0};
  if (unorm2_isInert(folding_form(), c)) return {};
  if (!unorm2_hasBoundaryBefore(folding_form(), c)) return {fold_kind::joins, 0};
  auto to = normalised(std::u32string(1, static_cast<char32_t>(c)));
  if (to.empty()) return {fold_kind::gone, 0};
  if (to.size() > 1) return {fold_kind::many, 0};
  return to.front() == static_cast<char32_t>(c) ? fold_entry{}
                                                : fold_entry{fold_kind::mapped, to.front()};
}

struct block {
  char32_t first, last;
};
/// Characters that stay as they are for good, which Unicode promises: ideographs, syllables of
/// Hangul, everybody's own characters; and planes in which nothing is assigned.
constexpr block at_rest[] = {{0x3400, 0x9fff},   {0xac00, 0xd77f},   {0xe000, 0xf8ff},
                             {0x20000, 0x2f7ff}, {0x2fa80, 0xdffff}, {0xe1000, 0x10ffff}};

bool is_at_rest(char32_t c) {
  return std::ranges::any_of(at_rest, [&](auto& b) { return c >= b.first && c <= b.last; });
}

}  // namespace

fold_table::fold_table() : rows_(row_size) {
  using row = std::vector<std::uint32_t>;
  std::map<row, std::uint16_t> known{{row(row_size, 0), 0}};
  for (char32_t first = 0; first < past_unicode; first += row_size) {
    if (is_at_rest(first)) continue;
    std::vector<fold_entry> made;
    row bits;
    for (char32_t c = first; c < first + row_size; ++c) {
      made.push_back(entry_of(static_cast<UChar32>(c)));
      bits.push_back(made.back().bits);
    }
    auto [at, fresh] = known.emplace(std::move(bits), static_cast<std::uint16_t>(known.size()));
    if (fresh) rows_.insert(rows_.end(), made.begin(), made.end());
    row_of_[first >> row_bits] = at->second;
  }
}

const fold_table& fold_table::get() {
  static const fold_table table;
  return table;
}

std::u32string fold_table::joined(std::u32string_view run) const {
  auto form = [&](char32_t c, std::u32string& out) {
    auto e = entry(c);
    switch (e.kind()) {
      case fold_kind::gone:
        return;
      case fold_kind::mapped:
      case fold_kind::space:
        out += e.to();
        return;
      default:
        out += c;
    }
  };
  std::u32string clean, out;
  for (auto c : run) form(c, clean);
  for (auto c : normalised(clean)) {
    if (entry(c).kind() != fold_kind::accent) form(c, out);
  }
  return out;
}

std::string unicode_version() {
  UVersionInfo v;
  u_getUnicodeVersion(v);
  return std::to_string(v[0]) + "." + std::to_string(v[1]);
}

}  // namespace switchboard
