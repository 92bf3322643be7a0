#include "actors/reception/message_template.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(filled, known_names_are_replaced_and_the_rest_left_out_or_kept) {
  template_values v{{"customer.name", "王芳"}, {"position", "3"}};
  EXPECT_EQ(filled("{customer.name}，您排在第 {position} 位{eta}", v), "王芳，您排在第 3 位");
  EXPECT_EQ(filled("about {eta}, {position}", v, true), "about {eta}, 3");
  EXPECT_EQ(filled("no name } here {", v), "no name } here {");
}

TEST(span_for_people, is_said_in_the_customer_s_language) {
  EXPECT_EQ(span_for_people(millis{20'000}, "zh-CN"), "不到 1 分钟");
  EXPECT_EQ(span_for_people(millis{170'000}, "zh"), "约 3 分钟");
  EXPECT_EQ(span_for_people(millis{170'000}, "en"), "about 3 minutes");
  EXPECT_EQ(span_for_people(millis{60'000}, "fr"), "about 1 minute");
  EXPECT_EQ(span_for_people(millis{2 * 3'600'000}, "en"), "about 2 hours");
}

TEST(language_order, goes_from_the_customer_s_own_to_english) {
  EXPECT_EQ(language_order("zh-CN", "ja"), (std::vector<std::string>{"zh-CN", "zh", "ja", "en"}));
}

}  // namespace
}  // namespace switchboard
