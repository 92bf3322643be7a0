#include "adapters/center/search_words.hpp"

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

using words = std::vector<std::string>;

TEST(search_words, spaced_words_are_tokens_in_lower_case) {
  EXPECT_EQ(index_tokens("Air Fryer AF-5L"), (words{"5l", "af", "air", "fryer"}));
}

TEST(search_words, chinese_gives_each_character_with_the_next_and_the_last_alone) {
  EXPECT_EQ(index_tokens("保温杯"), (words{"保温", "杯", "温杯"}));
}

TEST(search_words, a_query_leaves_the_lone_last_character_out_unless_it_is_all_there_is) {
  EXPECT_EQ(query_tokens("保温杯"), (words{"保温", "温杯"}));
  EXPECT_EQ(query_tokens("杯"), (words{"杯"}));
}

TEST(search_words, scripts_mix_and_punctuation_separates) {
  EXPECT_EQ(index_tokens("5L空气炸锅，(白)"), (words{"5l", "气炸", "炸锅", "白", "空气", "锅"}));
  EXPECT_EQ(index_tokens(" ,。！ "), words{});
}

TEST(search_words, index_and_question_fold_alike_in_every_script) {
  EXPECT_EQ(index_tokens("ЛАМПА"), query_tokens("лампа"));
  EXPECT_EQ(index_tokens("Éclair"), query_tokens("e\u0301clair"));
  EXPECT_EQ(index_tokens("ﾗﾝﾌﾟ"), index_tokens("ランプ")) << "half-width katakana";
  EXPECT_EQ(index_tokens("ＡＦ－５Ｌ"), (words{"5l", "af"}));
  EXPECT_EQ(index_tokens("AF\u00ad5L"), words{"af5l"}) << "a soft hyphen is none";
  EXPECT_EQ(index_tokens("保\u2061温杯\ufe0f"), (words{"保温", "杯", "温杯"}));
  EXPECT_EQ(index_tokens("a\u00a0b\u3000c—d…e«f»"), (words{"a", "b", "c", "d", "e", "f"}));
}

TEST(search_words, a_word_is_cut_at_64_bytes) {
  EXPECT_EQ(index_tokens(std::string(1000, 'x')), words{std::string(64, 'x')});
}

TEST(search_words, bytes_that_are_no_utf_8_do_no_harm) {
  index_tokens("\xe4\xbd");
  index_tokens(std::string("\xff\xfe\x80 a\xf0"));
}

}  // namespace
}  // namespace switchboard::center
