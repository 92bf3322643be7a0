#include "actors/reception/canned_search.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

std::vector<config::canned_reply> replies() {
  return {{"hello",
           "问候",
           "hi",
           {},
           {{"zh", "您好{customer.name}，{agent.name}为您服务"}, {"en", "Hello {customer.name}"}},
           {}},
          {"refund",
           "退款到账时间",
           "tk",
           {group_id{"after_sales"}},
           {{"zh", "退款一到三天原路退回"}},
           {}},
          {"sizes",
           "Size chart",
           "sz",
           {group_id{"presale"}},
           {{"en", "Our sizes run large; refund is free."}},
           {}}};
}

std::vector<std::string> found(const std::string& text,
                               std::vector<std::string> groups = {"after_sales", "presale"}) {
  canned_query q;
  for (auto& g : groups) q.groups.emplace_back(g);
  q.text = text;
  q.language = "zh-CN";
  std::vector<std::string> out;
  auto all = replies();
  for (auto& m : search_canned(all, q)) out.push_back(m.reply->id);
  return out;
}

using texts = std::vector<std::string>;

TEST(search_canned, nothing_to_search_for_lists_those_of_the_groups_and_of_everybody) {
  EXPECT_EQ(found(""), (texts{"hello", "refund", "sizes"}));
  EXPECT_EQ(found("", {"presale"}), (texts{"hello", "sizes"}));
}

TEST(search_canned, a_shortcut_goes_before_a_title_and_a_title_before_the_text) {
  EXPECT_EQ(found("tk"), (texts{"refund"}));
  EXPECT_EQ(found("退款"), (texts{"refund"}));
  EXPECT_EQ(found("SIZE ｃｈａｒｔ"), (texts{"sizes"}));
  EXPECT_EQ(found("s"), (texts{"sizes"}));
  EXPECT_EQ(found("refund large"), (texts{"sizes"}));
  EXPECT_TRUE(found("nothing like it").empty());
}

TEST(search_canned, variables_are_filled_and_unknown_ones_left_for_the_agent_to_see) {
  canned_query q;
  q.text = "hi";
  q.language = "zh";
  q.values = {{"customer.name", "王芳"}};
  auto all = replies();
  EXPECT_EQ(search_canned(all, q).at(0).text, "您好王芳，{agent.name}为您服务");
  q.language = "fr";
  EXPECT_EQ(search_canned(all, q).at(0).text, "Hello 王芳");
}

TEST(search_canned, gives_no_more_than_asked_for) {
  canned_query q;
  q.groups = {group_id{"presale"}};
  q.limit = 1;
  auto all = replies();
  EXPECT_EQ(search_canned(all, q).size(), 1u);
}

}  // namespace
}  // namespace switchboard
