#include "actors/reception/message_template.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(filled, known_names_are_replaced_and_the_rest_stays_visible_or_is_dropped) {
  template_values v{{"customer.name", ""}, {"position", "3"}};
  EXPECT_EQ(filled("{customer.name}, {position}", v, unknown_variable::visible),
            "{customer.name}, 3");
  EXPECT_EQ(filled("about {eta}, {position}", v, unknown_variable::dropped), "about , 3");
  EXPECT_EQ(filled("no name } here {", v, unknown_variable::visible), "no name } here {");
}

TEST(spoken, what_is_known_is_said) {
  template_values v{{"customer.name", "王芳"}, {"position", "3"}, {"eta", "2.5 min, about"}};
  EXPECT_EQ(spoken("{customer.name}，您排在第 {position} 位。", v), "王芳，您排在第 3 位。");
  EXPECT_EQ(spoken("Hello {customer.name}, {eta}.", v), "Hello 王芳, 2.5 min, about.");
  EXPECT_EQ(spoken("no name } here {", {}), "no name } here {");
  EXPECT_EQ(spoken("Dear {customer.name},\n\nreally?! Yes", v), "Dear 王芳,\n\nreally?! Yes");
  EXPECT_EQ(spoken("Open 9:00 to 18.30, see a.example.com/x.", {}),
            "Open 9:00 to 18.30, see a.example.com/x.");
}

TEST(spoken, nobody_is_called_dear_comma) {
  template_values nobody{{"customer.name", ""}};
  EXPECT_EQ(spoken("Dear {customer.name}, welcome to Mumian. One moment.", nobody),
            "Welcome to Mumian. One moment.");
  EXPECT_EQ(spoken("Dear {customer.name},\nwelcome.", nobody), "Welcome.");
  EXPECT_EQ(spoken("Dear {customer.name},", nobody), "Dear");
  EXPECT_EQ(spoken("Welcome, {customer.name}", nobody), "Welcome");
  EXPECT_EQ(spoken("Welcome, {customer.name}!", nobody), "Welcome!");
  EXPECT_EQ(spoken("Welcome back {customer.name}. Let us go on.", nobody), "Let us go on.");
  EXPECT_EQ(spoken("Hello {customer.name}!", nobody), "Hello!");
  EXPECT_EQ(spoken("{customer.name}", nobody), "");
  EXPECT_EQ(spoken("您好{customer.name}，欢迎来到木棉生活。请稍候。", nobody),
            "欢迎来到木棉生活。请稍候。");
  EXPECT_EQ(spoken("您好{customer.name}", nobody), "您好");
}

TEST(spoken, a_clause_that_has_something_else_to_say_loses_the_variable_alone) {
  template_values v{{"position", "3"}};
  EXPECT_EQ(spoken("{customer.name}，您排在第 {position} 位{eta}", v), "您排在第 3 位");
  EXPECT_EQ(spoken("You are number {position} {eta} now, about {eta}.", v),
            "You are number 3 now.");
}

TEST(spoken, a_sentence_left_out_in_the_middle_leaves_whole_ones) {
  EXPECT_EQ(spoken("We are here. Dear {customer.name}, we are glad. Bye", {}),
            "We are here. We are glad. Bye");
  EXPECT_EQ(spoken("Hello, {customer.name}, this is Mumian.", {}), "Hello, this is Mumian.");
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
