#include "tools/switchboard-channel/typing_front.hpp"

#include <gtest/gtest.h>

namespace switchboard::channel_tool {
namespace {

constexpr bool typing = true, empty = false;

TEST(typing_front, a_new_session_does_not_take_the_front_while_a_line_is_being_typed) {
  typing_front f;
  EXPECT_TRUE(f.came("a", empty));
  f.over("a");
  EXPECT_FALSE(f.came("b", typing));
  EXPECT_EQ(f.session(), "a") << "Enter reaches whom the prompt named when typing began";
}

TEST(typing_front, somebody_who_is_served_is_not_pushed_aside_between_two_lines) {
  typing_front f;
  f.came("a", empty);
  EXPECT_FALSE(f.came("b", empty)) << "the next line may be begun in that moment";
  EXPECT_EQ(f.session(), "a");
  f.choose("b");
  EXPECT_EQ(f.session(), "b");
}

TEST(typing_front, a_new_session_takes_the_front_where_nobody_is_in_it_any_more) {
  typing_front f;
  EXPECT_TRUE(f.came("a", empty));
  f.over("a");
  EXPECT_TRUE(f.came("b", empty));
  EXPECT_EQ(f.session(), "b");
}

TEST(typing_front, a_session_that_was_asked_for_comes_to_the_front_unless_a_line_is_begun) {
  typing_front f;
  f.came("a", empty);
  f.wanted("b");
  EXPECT_FALSE(f.came("b", typing));
  EXPECT_EQ(f.session(), "a");
  EXPECT_TRUE(f.came("b", empty));
  EXPECT_EQ(f.session(), "b");
  EXPECT_FALSE(f.came("a", empty)) << "asked for once, it is not asked for again";
}

TEST(typing_front, a_session_in_front_that_comes_back_is_served_again) {
  typing_front f;
  f.came("a", empty);
  f.over("a");
  EXPECT_TRUE(f.came("a", typing));
  EXPECT_FALSE(f.came("b", empty));
}

TEST(typing_front, accept_means_the_offer_that_was_newest_when_typing_began) {
  typing_front f;
  f.offered("a.1", empty);
  f.offered("b.1", typing);
  EXPECT_EQ(f.offer(), "a.1");
  f.line_ended();
  EXPECT_EQ(f.offer(), "b.1");
}

TEST(typing_front, an_offer_that_is_over_is_not_replaced_by_another_under_a_begun_line) {
  typing_front f;
  f.offered("a.1", empty);
  f.offered("b.1", empty);
  EXPECT_TRUE(f.offer_gone("b.1", typing));
  EXPECT_EQ(f.offer(), "b.1");
  EXPECT_EQ(f.offers(), std::vector<std::string>{"a.1"});
  f.line_ended();
  EXPECT_EQ(f.offer(), "a.1");
  EXPECT_FALSE(f.offer_gone("c.1", empty));
}

}  // namespace
}  // namespace switchboard::channel_tool
