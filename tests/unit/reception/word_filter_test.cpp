#include "actors/reception/word_filter.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

/// What was found, as it was written, in the order of its end.
std::vector<std::string> words_in(const word_filter& f, const std::string& text,
                                  std::uint64_t lists = ~std::uint64_t{0}) {
  std::vector<word_filter::hit> hits;
  f.find(text, lists, hits);
  std::vector<std::string> out;
  for (auto& h : hits) out.push_back(text.substr(h.begin, h.end - h.begin));
  return out;
}

using texts = std::vector<std::string>;
using word_sets = std::vector<texts>;

TEST(word_filter, chinese_words_are_found_anywhere_in_a_sentence) {
  word_filter f(word_sets{{"刷单", "加微信", "微信号"}});
  EXPECT_EQ(words_in(f, "请加微信号，不要刷单"), (texts{"加微信", "微信号", "刷单"}));
  EXPECT_TRUE(words_in(f, "微店信号刷一单").empty());
}

TEST(word_filter, full_width_and_capital_letters_hide_nothing) {
  word_filter f(word_sets{{"vx号", "qq群"}});
  EXPECT_EQ(words_in(f, "我的ＶＸ号"), (texts{"ＶＸ号"}));
  EXPECT_EQ(words_in(f, "QQ群"), (texts{"QQ群"}));
  EXPECT_EQ(words_in(f, "v\xE2\x80\x8Bx号"),
            (texts{"v\xE2\x80\x8Bx号"}));  // a zero-width space within
}

TEST(word_filter, characters_that_nobody_sees_hide_nothing_and_go_with_the_word) {
  word_filter f(word_sets{{"vx号", "坏话", "bad"}});
  for (std::string between : {"\u2061", "\ufe0f", "\u200b", "\u200d", "\u00ad", "\u034f", "\u202e",
                              "\U000e0041", "\x01"}) {
    EXPECT_EQ(words_in(f, "说坏" + between + "话吗"), (texts{"坏" + between + "话"}));
    EXPECT_EQ(words_in(f, "b" + between + "a" + between + "d!"),
              (texts{"b" + between + "a" + between + "d"}));
  }
  EXPECT_EQ(words_in(f, "a\u2061bad"), texts{}) << "what is looked through is no edge of a word";
  EXPECT_EQ(words_in(f, "bad\u2061a"), texts{});
}

TEST(word_filter, private_use_characters_between_its_letters_hide_no_word) {
  word_filter f(word_sets{{"坏话", "bad"}});
  for (std::string between : {"\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\ue000\ue001"}) {
    EXPECT_EQ(words_in(f, "说坏" + between + "话吗"), (texts{"坏" + between + "话"}));
    EXPECT_EQ(words_in(f, "b" + between + "a" + between + "d!"),
              (texts{"b" + between + "a" + between + "d"}));
    EXPECT_EQ(words_in(f, "a" + between + "bad"), texts{}) << "no edge of a word";
    EXPECT_EQ(words_in(f, "bad" + between + "a"), texts{});
  }
}

TEST(word_filter, a_word_that_holds_private_use_characters_is_found_as_it_is) {
  word_filter f(word_sets{{"x\ue123", "坏话"}});
  EXPECT_EQ(words_in(f, "x\ue123 坏\ue123话"), (texts{"坏\ue123话", "x\ue123"}));
  EXPECT_EQ(words_in(f, "x x\ue124"), texts{});
}

TEST(word_filter, a_phrase_is_found_however_its_words_are_spaced) {
  word_filter f(word_sets{{"damn it", "加 微信"}});
  for (std::string space :
       {"  ", "\u00a0", "\u3000", "\t", "\n", " \u200b ", "\u2009\u2009", "\u2028"}) {
    EXPECT_EQ(words_in(f, "Damn" + space + "it!"), (texts{"Damn" + space + "it"}));
    EXPECT_EQ(words_in(f, "请加" + space + "微信"), (texts{"加" + space + "微信"}));
  }
  EXPECT_EQ(words_in(word_filter(word_sets{{"  damn \u3000 it "}}), "damn it"), (texts{"damn it"}))
      << "the list is folded as the text is";
}

TEST(word_filter, case_and_form_of_every_script_hide_nothing) {
  word_filter f(word_sets{{"чушь", "οδος", "gıda", "フィルター", "off", "加微信-1"}});
  EXPECT_EQ(words_in(f, "ЧУШЬ"), (texts{"ЧУШЬ"}));
  EXPECT_EQ(words_in(f, "ΟΔΟΣ"), (texts{"ΟΔΟΣ"})) << "with a final sigma in the list";
  EXPECT_EQ(words_in(f, "GIDA GİDA"), (texts{"GIDA", "GİDA"}));
  EXPECT_EQ(words_in(f, "ﾌｨﾙﾀｰ"), (texts{"ﾌｨﾙﾀｰ"}));
  EXPECT_EQ(words_in(f, "oﬀ"), (texts{"oﬀ"})) << "a ligature";
  EXPECT_EQ(words_in(f, "加微信–１"), (texts{"加微信–１"})) << "another dash, a full-width digit";
  EXPECT_EQ(words_in(f, "o\u0336f\u0336f"), (texts{"o\u0336f\u0336f"})) << "struck through";
}

TEST(word_filter, a_word_within_a_ligature_is_found_with_all_of_it) {
  word_filter f(word_sets{{"株式"}});
  EXPECT_EQ(words_in(f, "㍿"), (texts{"㍿"}));
}

TEST(word_filter, a_latin_word_counts_only_where_it_stands_alone) {
  word_filter f(word_sets{{"ass", "damn it"}});
  EXPECT_TRUE(words_in(f, "first class assistance, asset").empty());
  EXPECT_EQ(words_in(f, "you ASS! Damn it."), (texts{"ASS", "Damn it"}));
  EXPECT_EQ(words_in(f, "你这ass吗"), (texts{"ass"}));
}

TEST(word_filter, a_word_within_a_word_and_overlapping_ones_are_all_found) {
  word_filter f(word_sets{{"客服", "假客服", "服务", "人工客服服务"}});
  EXPECT_EQ(words_in(f, "人工客服服务"), (texts{"客服", "人工客服服务", "服务"}));
}

TEST(word_filter, only_the_lists_asked_for_are_looked_through) {
  word_filter f(word_sets{{"甲"}, {"乙", "甲"}});
  EXPECT_EQ(words_in(f, "甲乙", 1), (texts{"甲"}));
  EXPECT_EQ(words_in(f, "甲乙", 2), (texts{"甲", "乙"}));
  std::vector<word_filter::hit> hits;
  f.find("甲", 3, hits);
  EXPECT_EQ(hits.at(0).lists, 3u);
}

TEST(word_filter, an_empty_one_and_words_of_nothing_find_nothing) {
  EXPECT_TRUE(word_filter().empty());
  EXPECT_TRUE(words_in(word_filter(), "anything").empty());
  EXPECT_EQ(word_filter(word_sets{{"", "\xE2\x80\x8B"}}).words(), 0u);
}

TEST(word_filter, broken_utf8_is_stepped_over) {
  word_filter f(word_sets{{"词"}});
  EXPECT_EQ(words_in(f, "\xE8\xAF\xE8\xAF\x8D\xFF"), (texts{"词"}));
  EXPECT_TRUE(words_in(f, "\xE8\xAF").empty());
}

/// Word by word, position by position: slow and plain.
std::vector<std::string> found_plainly(const std::vector<std::string>& words,
                                       const std::string& text) {
  auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::vector<std::pair<std::size_t, std::string>> found;
  auto low = folded(text);
  for (auto& w : words) {
    for (auto at = low.find(w); at != std::string::npos; at = low.find(w, at + 1)) {
      auto end = at + w.size();
      if (is_word(w.front()) && at > 0 && is_word(low[at - 1])) continue;
      if (is_word(w.back()) && end < low.size() && is_word(low[end])) continue;
      found.emplace_back(end, w);
    }
  }
  std::ranges::sort(found, [](auto& a, auto& b) {
    return std::pair(a.first, a.second.size()) < std::pair(b.first, b.second.size());
  });
  std::vector<std::string> out;
  for (auto& f : found) out.push_back(f.second);
  return out;
}

TEST(word_filter, finds_what_a_plain_search_finds_in_a_thousand_random_texts) {
  std::mt19937_64 rng(20261125);
  const std::vector<std::string> letters{"a", "b", "中", "文", "字", " ", "Ｂ", "\u2061", "\u00a0"};
  auto random_text = [&](std::size_t longest) {
    std::string out;
    for (auto n = 1 + rng() % longest; n > 0; --n) out += letters[rng() % letters.size()];
    return out;
  };
  for (int round = 0; round < 1000; ++round) {
    std::set<std::string> words;
    for (int i = 0; i < 12; ++i) words.insert(folded(random_text(4)));
    words.erase("");
    std::vector<std::string> list(words.begin(), words.end());
    word_filter f(word_sets{list});
    auto text = random_text(60);
    auto mine = words_in(f, text);
    for (auto& word : mine) word = folded(word);
    auto plain = found_plainly(list, text);
    std::ranges::sort(mine);
    std::ranges::sort(plain);
    ASSERT_EQ(mine, plain) << "round " << round << ": " << text;
  }
}

}  // namespace
}  // namespace switchboard
