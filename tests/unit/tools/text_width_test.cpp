#include "tools/switchboardctl/text_width.hpp"

#include <gtest/gtest.h>

namespace switchboard::terminal {
namespace {

TEST(text_width, a_chinese_character_takes_two_columns) {
  EXPECT_EQ(width("lin"), 3u);
  EXPECT_EQ(width("林晓岚"), 6u);
  EXPECT_EQ(width("会员专席 vip"), 12u);
  EXPECT_EQ(width("，。！（）"), 10u);
  EXPECT_EQ(width("ｗｉｄｅ"), 8u);
}

TEST(text_width, a_combining_mark_takes_none_and_an_emoji_two) {
  EXPECT_EQ(width("e\u0301"), 1u);
  EXPECT_EQ(width("\U0001F600"), 2u);
  EXPECT_EQ(width("é"), 1u);
  EXPECT_EQ(width("…→"), 2u);
}

TEST(text_width, what_a_customer_writes_cannot_steer_the_terminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a [2Jb");
  EXPECT_EQ(printable("one\r\ntwo\tthree\x7f"), "one  two three ");
  EXPECT_EQ(printable("a\u202Eb\u009Bc"), "a b c");
  EXPECT_EQ(printable("您好 \u2028 ok"), "您好   ok");
}

TEST(text_width, bytes_that_are_no_utf8_show_as_replacements) {
  EXPECT_EQ(printable("a\xff"), "a\uFFFD");
  EXPECT_EQ(printable("\xe6\x9e"), "\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xc0\x80x"), "\uFFFD\uFFFDx");
}

TEST(text_width, cutting_never_splits_a_character) {
  EXPECT_EQ(clipped("林晓岚", 6), "林晓岚");
  EXPECT_EQ(clipped("林晓岚", 5), "林晓…");
  EXPECT_EQ(clipped("林晓岚", 4), "林…");
  EXPECT_EQ(clipped("林晓岚", 1), "…");
  EXPECT_EQ(clipped("林晓岚", 0), "");
  EXPECT_EQ(clipped("abcdef", 4), "abc…");
}

TEST(text_width, padding_fills_up_to_the_column_whatever_the_script) {
  for (auto* name : {"lin", "林晓岚", "会员专席专席", "Emma Collins", "e\u0301\u0301"}) {
    EXPECT_EQ(width(padded(name, 9)), 9u) << name;
    EXPECT_EQ(width(padded(name, 9, true)), 9u) << name;
  }
  EXPECT_EQ(padded("7", 3, true), "  7");
  EXPECT_EQ(padded("林", 4), "林  ");
}

}  // namespace
}  // namespace switchboard::terminal
