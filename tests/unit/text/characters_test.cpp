#include "runtime/text/characters.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(characters, are_read_one_by_one_and_written_again) {
  for (std::string text : {"a", "é", "中", "😀", "\U0010ffff"}) {
    auto c = character_at(text, 0);
    EXPECT_EQ(c.bytes, text.size());
    std::string again;
    append_utf8(again, c.code);
    EXPECT_EQ(again, text);
  }
  EXPECT_EQ(character_at("a", 1).bytes, 0u);
}

TEST(characters, what_is_no_character_is_one_byte) {
  for (std::string_view text :
       {"\x80", "\xc1\xbf", "\xe8\xaf", "\xf5\x80\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80"}) {
    auto c = character_at(text, 0);
    EXPECT_EQ(c.bytes, 1u) << text;
    EXPECT_GE(c.code, broken_byte) << text;
  }
}

TEST(characters, are_counted_and_a_cut_falls_between_them) {
  EXPECT_EQ(character_count("a中😀"), 3u);
  EXPECT_EQ(cut_between_characters("a中文", 5), "a中");
  EXPECT_EQ(cut_between_characters("a中文", 3), "a");
  EXPECT_EQ(cut_between_characters("abc", 3), "abc");
}

TEST(characters, punctuation_of_every_script_stands_between_words) {
  for (auto c : {U',', U'。', U'、', U'—', U'«', U'·', U'・', U'€', U'+', U'×', U'\u3000'})
    EXPECT_FALSE(is_of_word(c)) << static_cast<std::uint32_t>(c);
  for (auto c : {U'a', U'7', U'é', U'й', U'中', U'한', U'ー', U'😀', U'\u093f'})
    EXPECT_TRUE(is_of_word(c)) << static_cast<std::uint32_t>(c);
  EXPECT_TRUE(is_unspaced(U'中') && is_unspaced(U'か') && is_unspaced(U'한'));
  EXPECT_FALSE(is_unspaced(U'a') || is_unspaced(U'й') || is_unspaced(U'・'));
}

}  // namespace
}  // namespace switchboard
