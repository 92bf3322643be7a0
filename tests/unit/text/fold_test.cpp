#include "runtime/text/fold.hpp"

#include <random>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

/// Each character of the fold as it was written.
std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  fold_reader reader(text);
  for (fold_unit u; reader.next(u);) {
    std::string code;
    append_utf8(code, u.code);
    out.push_back(code + "<" + std::string(text.substr(u.begin, u.end - u.begin)));
  }
  return out;
}

using list = std::vector<std::string>;

TEST(fold, case_is_one_in_every_script) {
  EXPECT_EQ(folded("ABC xyz"), "abc xyz");
  EXPECT_EQ(folded("ИВАН"), "иван");
  EXPECT_EQ(folded("Éva"), "éva");
  EXPECT_EQ(folded("ΟΔΥΣΣΕΥΣ"), folded("οδυσσευς")) << "a final sigma is a sigma";
  EXPECT_EQ(folded("Straße"), folded("STRASSE"));
  EXPECT_EQ(folded("ԱՐԱՄ"), folded("արամ"));
  EXPECT_EQ(folded("ᲗᲑᲘᲚᲘᲡᲘ"), folded("თბილისი"));
  EXPECT_EQ(folded("𐐀"), folded("𐐨"));
}

TEST(fold, the_four_i_of_turkish_are_one) {
  for (auto text : {"İSTANBUL", "ISTANBUL", "istanbul", "ıstanbul", "i\u0307stanbul"})
    EXPECT_EQ(folded(text), "istanbul") << text;
}

TEST(fold, compatible_forms_are_one) {
  EXPECT_EQ(folded("ＡＢＣ　１２３"), "abc 123");
  EXPECT_EQ(folded("ﬃ ﬁ ĳ Ǆ"), "ffi fi ij dž");
  EXPECT_EQ(folded("ｶﾞｷﾞｸ"), "ガギク") << "half-width katakana with its voiced mark";
  EXPECT_EQ(folded("ﾊﾟﾝ"), folded("パン"));
  EXPECT_EQ(folded("㈱ ㍿ ① ㎏"), "(株) 株式会社 1 kg");
  EXPECT_EQ(folded("𝕳𝖊𝖑𝖑𝖔 𝒽"), "hello h");
  EXPECT_EQ(folded("ⓗⓘ"), "hi");
  EXPECT_EQ(folded("\uf9fd"), folded("什")) << "a compatibility ideograph";
}

TEST(fold, a_letter_and_its_parts_are_one) {
  EXPECT_EQ(folded("e\u0301va"), "éva");
  EXPECT_EQ(folded("и\u0306"), "й");
  EXPECT_EQ(folded("각"), folded("\u1100\u1161\u11a8")) << "the letters of a Hangul syllable";
  EXPECT_EQ(folded("e\u0323\u0302"), folded("e\u0302\u0323")) << "marks in either order";
}

TEST(fold, letters_that_are_others_stay_others) {
  EXPECT_NE(folded("éva"), folded("eva"));
  EXPECT_NE(folded("и"), folded("й"));
  EXPECT_NE(folded("а"), folded("a")) << "Cyrillic and Latin";
  EXPECT_NE(folded("か"), folded("が"));
  EXPECT_NE(folded("国"), folded("國"));
  EXPECT_EQ(folded("हिन्दी ไทย"), "हिन्दी ไทย") << "vowels that are marks are letters";
}

TEST(fold, what_nobody_sees_is_left_out) {
  EXPECT_EQ(folded("b\u2061a\ufe0fd"), "bad");
  EXPECT_EQ(folded("b\u00ada\u200bd\u200d\u2060\ufeff"), "bad");
  EXPECT_EQ(folded("\u202dbad\u202c"), "bad");
  EXPECT_EQ(folded("b\U000e0020a\U000e0100d"), "bad") << "tags and further variation selectors";
  EXPECT_EQ(folded("b\u3164a\u115fd\u180e"), "bad") << "fillers";
  EXPECT_EQ(folded(std::string_view("b\0a\x1b"
                                    "d\x7f",
                                    6)),
            "bad");
  EXPECT_EQ(folded("b\u0085a\u0080d"), "b ad") << "a line end of its own, and a control character";
  EXPECT_EQ(folded("❤️"), folded("❤"));
  EXPECT_EQ(folded("👩‍💻"), folded("👩💻"));
}

TEST(fold, accents_that_make_no_letter_are_left_out) {
  EXPECT_EQ(folded("b\u0336a\u0336d\u0336"), "bad") << "struck through";
  EXPECT_EQ(folded("q\u0301\u0302\u0303"), "q");
  EXPECT_EQ(folded("за\u0301мок"), "замок");
  EXPECT_EQ(folded("\u0301x"), "x");
  EXPECT_EQ(folded("1️⃣"), "1");
  EXPECT_EQ(folded("≠"), folded("=\u0338"));
}

TEST(fold, runs_of_white_space_are_one_space_and_none_stands_around) {
  EXPECT_EQ(folded("  damn \u00a0\t it\n"), "damn it");
  EXPECT_EQ(folded("damn\u2003\u3000it"), "damn it");
  EXPECT_EQ(folded("damn\u2028it"), "damn it");
  EXPECT_EQ(folded("damn \u200b it"), "damn it") << "a zero-width space between two others";
  EXPECT_EQ(folded("damn\u2800it"), "damn it") << "a cell of Braille without dots";
  EXPECT_EQ(folded("a \u00b4b"), "a b") << "an accent by itself is a space with a mark";
  EXPECT_EQ(folded("\u200b \u3000"), "");
}

TEST(fold, every_dash_is_one) {
  for (auto dash : {"-", "‐", "‑", "‒", "–", "—", "―", "−", "﹣", "－", "⁻"})
    EXPECT_EQ(folded(std::string("a") + dash + "b"), "a-b") << dash;
  EXPECT_EQ(folded("カー"), "カー") << "a long vowel is no dash";
  EXPECT_EQ(folded("一"), "一");
}

TEST(fold, digits_are_one_in_every_script) {
  EXPECT_EQ(folded("٠١٢ ۳ ०१ ๑ １ 𝟗"), "012 3 01 1 1 9");
}

TEST(fold, what_is_folded_stays_as_it_is) {
  std::mt19937_64 rng(20261130);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto n = rng() % 6; n > 0; --n) {
      auto c = static_cast<char32_t>(rng() % (rng() % 4 == 0 ? 0x1f000 : 0x3100));
      if (c < 0xd800 || c > 0xdfff) append_utf8(text, c);
    }
    auto once = folded(text);
    ASSERT_EQ(folded(once), once) << "round " << round << ": " << text;
  }
}

TEST(fold, ascii_folds_alike_beside_other_characters_and_without_them) {
  for (int c = 0; c < 128; ++c) {
    std::string text = std::string("x") + static_cast<char>(c) + "Y z";
    auto beside = folded(text + "中");
    EXPECT_EQ(folded(text) + "中", beside) << c;
  }
}

TEST(fold, each_character_knows_the_bytes_it_was_read_from) {
  EXPECT_EQ(pieces("Bﬁ"), (list{"b<B", "f<ﬁ", "i<ﬁ"}));
  EXPECT_EQ(pieces("坏\u2061话"), (list{"坏<坏\u2061", "话<话"}));
  EXPECT_EQ(pieces("e\u0301\u200dx"), (list{"é<e\u0301\u200d", "x<x"}));
  EXPECT_EQ(pieces("a \u00a0b"), (list{"a<a", " < \u00a0", "b<b"}));
  EXPECT_EQ(pieces("\u200bＡ"), (list{"a<Ａ"}));
  EXPECT_EQ(pieces("❤️!"), (list{"❤<❤️", "!<!"}));
  EXPECT_TRUE(pieces("").empty());
  EXPECT_TRUE(pieces("\u200b").empty());
}

TEST(fold, what_is_no_utf_8_stays_byte_by_byte) {
  EXPECT_EQ(folded("A\xff\xe8\xafZ"), "a\xff\xe8\xafz");
  EXPECT_EQ(folded("\xc0\xafX"), "\xc0\xafx") << "an overlong slash is none";
  EXPECT_EQ(folded("\xed\xa0\x80"), "\xed\xa0\x80") << "half a surrogate pair";
  EXPECT_EQ(pieces("\xe8中"), (list{"\xe8<\xe8", "中<中"}));
}

TEST(fold, blocks_that_the_table_passes_over_stay_as_they_are) {
  UErrorCode failed = U_ZERO_ERROR;
  auto* form = unorm2_getNFKCCasefoldInstance(&failed);
  auto& table = fold_table::get();
  for (char32_t c = 0x80; c < 0x110000; ++c) {
    if (table.entry(c).bits != 0 || (c >= 0xd800 && c < 0xe000)) continue;
    const UChar32 u = static_cast<UChar32>(c);
    UChar from[2], to[40];
    std::int32_t n = 0;
    U16_APPEND_UNSAFE(from, n, u);
    auto m = unorm2_normalize(form, from, n, to, 40, &failed);
    const bool stays = m == n && std::equal(from, from + n, to);
    ASSERT_TRUE(stays && unorm2_hasBoundaryBefore(form, u) && !u_isUWhiteSpace(u) &&
                !u_hasBinaryProperty(u, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
                u_charType(u) != U_CONTROL_CHAR)
        << std::hex << static_cast<std::uint32_t>(c);
  }
}

TEST(fold, a_hundred_thousand_marks_on_one_letter_cost_little) {
  std::string text = "a";
  for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "\u0323" : "\u0301";
  EXPECT_LT(folded(text).size(), 10'000u);
}

TEST(fold, what_does_not_show_is_not_counted) {
  EXPECT_EQ(shown_character_count("坏\u2061话"), 2u);
  EXPECT_EQ(shown_character_count("ﬁx"), 2u);
  EXPECT_EQ(shown_character_count("e\u0301"), 1u);
  EXPECT_EQ(shown_character_count(""), 0u);
}

}  // namespace
}  // namespace switchboard
