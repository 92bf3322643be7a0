#include "actors/reception/message_words.hpp"

#include <gtest/gtest.h>

#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

using word_sets = std::vector<std::vector<std::string>>;

const word_filter three_lists(word_sets{{"诈骗"}, {"电话", "微信"}, {"投诉"}});
const word_lists_at_hand by_action{1, 2, 4};

std::string body(const std::string& text) {
  codec::packer p;
  return field(p.map(1), "text", text).take();
}

TEST(judge_words, a_message_without_a_word_stays_as_it_was) {
  auto v = judge_words(three_lists, by_action, body("您好，请问什么时候发货"));
  EXPECT_EQ(v.lists, 0u);
  EXPECT_FALSE(v.blocked);
  EXPECT_TRUE(v.body.empty());
}

TEST(judge_words, a_masked_word_leaves_one_star_a_character) {
  auto v = judge_words(three_lists, by_action, body("加我微信或打电话给我"));
  EXPECT_EQ(v.lists, 2u);
  EXPECT_EQ(v.body, body("加我**或打**给我"));
  EXPECT_EQ(v.words, (std::vector<std::string>{"微信", "电话"}));
}

TEST(judge_words,
     a_masked_word_takes_along_what_was_hidden_in_it_and_shows_one_star_for_each_that_showed) {
  EXPECT_EQ(judge_words(three_lists, by_action, body("加我微\u2061信吧")).body, body("加我**吧"));
  EXPECT_EQ(judge_words(three_lists, by_action, body("é\u200d微\ufe0f信\ufe0f！")).body,
            body("é\u200d**！"));
  const word_filter phrase(word_sets{{}, {"whatsapp me"}});
  EXPECT_EQ(judge_words(phrase, by_action, body("pls WhatsApp \u00a0 me, ok")).body,
            body("pls ***********, ok"));
}

TEST(judge_words, a_flagged_word_is_only_noted) {
  auto v = judge_words(three_lists, by_action, body("我要投诉"));
  EXPECT_EQ(v.lists, 4u);
  EXPECT_TRUE(v.body.empty());
  EXPECT_EQ(v.field, "text");
}

TEST(judge_words, a_blocked_word_blocks_whatever_else_there_is) {
  auto v = judge_words(three_lists, by_action, body("微信诈骗"));
  EXPECT_TRUE(v.blocked);
  EXPECT_TRUE(v.body.empty());
  EXPECT_EQ(v.lists, 3u);
}

TEST(judge_words, looks_into_every_text_but_leaves_ids_and_addresses_alone) {
  codec::packer p;
  p.map(4).str("title").str("微信").str("product_id").str("微信-1").str("url").str("http://a/微信");
  p.str("values").map(1).str("reason").array(2).str("电话").integer(7);
  auto v = judge_words(three_lists, by_action, p.view());
  codec::packer masked;
  masked.map(4)
      .str("title")
      .str("**")
      .str("product_id")
      .str("微信-1")
      .str("url")
      .str("http://a/微信");
  masked.str("values").map(1).str("reason").array(2).str("**").integer(7);
  EXPECT_EQ(v.body, masked.view());
  EXPECT_EQ(v.field, "title");
}

TEST(judge_words, a_word_as_a_key_is_found_like_any_other) {
  codec::packer p;
  p.map(2).str("text").str("hello").str("加微信吧").map(1).str("诈骗").integer(1);
  auto v = judge_words(three_lists, by_action, p.view());
  EXPECT_TRUE(v.blocked);
  EXPECT_EQ(v.field, "加微信吧");
}

TEST(judge_words, keys_that_are_masked_stay_as_many_as_they_were) {
  codec::packer p, masked;
  p.map(4).str("微信").integer(1).str("电话").integer(2).str("***").integer(3).str("text").str(
      "电话");
  masked.map(4).str("**").integer(1).str("****").integer(2).str("***").integer(3).str("text").str(
      "**");
  EXPECT_EQ(judge_words(three_lists, by_action, p.view()).body, masked.view());
}

TEST(judge_words, what_the_wire_calls_a_part_of_a_body_is_nobodys_word) {
  word_filter f(word_sets{{"text", "url", "name"}});
  codec::packer p;
  p.map(3).str("text").str("hello").str("url").str("http://a").str("name").str("Ann");
  EXPECT_EQ(judge_words(f, {1, 0, 0}, p.view()).lists, 0u);
}

TEST(judge_words, overlapping_words_are_masked_once) {
  word_filter f(word_sets{{"加微信", "微信号"}});
  auto v = judge_words(f, {0, 1, 0}, body("加微信号吧"));
  EXPECT_EQ(v.body, body("****吧"));
}

}  // namespace
}  // namespace switchboard
