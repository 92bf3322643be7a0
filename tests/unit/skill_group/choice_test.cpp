#include <gtest/gtest.h>

#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

TEST(choice, aged_lets_a_minute_of_waiting_outweigh_a_point_of_priority) {
  group_fixture f;
  auto urgent = waiting(1);
  urgent.priority = 1;
  f.enter(urgent);
  f.enter(waiting(2, millis{59'999}));
  f.enter(waiting(3, millis{60'001}));
  EXPECT_EQ(f.dispatcher.position(session(3)), 1u);
  EXPECT_EQ(f.dispatcher.position(session(1)), 2u);
  EXPECT_EQ(f.dispatcher.position(session(2)), 3u);
}

TEST(choice, strict_puts_priority_before_any_age_then_age_then_id) {
  config::group_config o;
  o.order = config::queue_order::strict;
  group_fixture f(o);
  f.enter(waiting(1, millis{3'600'000}));
  auto urgent = waiting(2);
  urgent.priority = 1;
  f.enter(urgent);
  auto low = waiting(3, millis{9'000'000});
  low.priority = -1;
  f.enter(low);
  f.enter(waiting(5, millis{7}));
  f.enter(waiting(4, millis{7}));
  std::vector<std::size_t> positions;
  for (int i = 1; i <= 5; ++i) positions.push_back(*f.dispatcher.position(session(i)));
  EXPECT_EQ(positions, (std::vector<std::size_t>{2, 1, 5, 3, 4}));
}

TEST(choice, every_required_skill_counts_at_its_level) {
  group_fixture f;
  f.agent("none", 1);
  f.agent("low", 1).skills = {{"english", 2}, {"refund", 3}};
  f.tell("low");
  auto c = waiting(1);
  c.need.skills = {{"english", 2}, {"refund", 4}};
  f.enter(c);
  EXPECT_EQ(f.next().first, 0);
  f.views["low"].skills = {{"english", 2}, {"refund", 4}};
  f.tell("low");
  EXPECT_EQ(f.next(), pair(1, "low"));
}

TEST(choice, a_heavy_session_needs_its_whole_weight_of_room) {
  group_fixture f;
  f.agent("a", 6, 1);
  auto voice = waiting(1);
  voice.need.weight = 6;
  f.enter(voice);
  EXPECT_EQ(f.next().first, 0);
  f.set_used("a", 0);
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(choice, more_weights_than_classes_are_still_exact) {
  group_fixture f;
  f.agent("a", 40, 0);
  for (int w = 2; w <= 14; ++w) {
    auto c = waiting(w, millis{100 - w});
    c.need.weight = w;
    f.enter(c);
    ASSERT_EQ(f.next(), pair(w, "a"));
    f.dispatcher.leave(session(w), f.now);
  }
  f.set_used("a", 28);
  auto c = waiting(50);
  c.need.weight = 13;
  f.enter(c);
  EXPECT_EQ(f.next().first, 0);
  f.set_used("a", 27);
  EXPECT_EQ(f.next(), pair(50, "a"));
}

TEST(choice, sticky_waits_for_its_agent_while_that_one_is_online_and_no_longer) {
  group_fixture f;
  f.agent("last", 1, 1);
  f.agent("other", 1);
  auto c = waiting(1);
  c.sticky = agent_id("last");
  c.sticky_until = f.now + millis{30'000};
  f.enter(c);
  EXPECT_EQ(f.next().first, 0);
  EXPECT_EQ(f.dispatcher.next_deadline(f.now), c.sticky_until);
  f.now = c.sticky_until;
  EXPECT_EQ(f.next(), pair(1, "other"));
}

TEST(choice, sticky_goes_to_its_agent_as_soon_as_room_frees) {
  group_fixture f;
  f.agent("last", 1, 1);
  f.agent("other", 1);
  auto c = waiting(1);
  c.sticky = agent_id("last");
  c.sticky_until = f.now + millis{30'000};
  f.enter(c);
  ASSERT_EQ(f.next().first, 0);
  f.set_used("last", 0);
  EXPECT_EQ(f.dispatcher.head_for(agent_id("last"), f.now)->session, session(1));
  EXPECT_EQ(f.next(), pair(1, "last"));
}

TEST(choice, sticky_to_somebody_who_cannot_take_it_holds_nobody_up) {
  group_fixture f;
  f.agent("last", 1, 1);
  f.agent("other", 3);
  f.views["other"].skills = {{"refund", 1}};
  f.tell("other");
  auto unskilled = waiting(1, millis{2});
  unskilled.need.skills = {{"refund", 1}};
  unskilled.sticky = agent_id("last");
  unskilled.sticky_until = f.now + millis{30'000};
  f.enter(unskilled);
  auto asked = waiting(2, millis{1});
  asked.sticky = agent_id("last");
  asked.sticky_until = f.now + millis{30'000};
  asked.asked = {agent_id("last")};
  f.enter(asked);
  EXPECT_EQ(f.next(), pair(1, "other"));
  EXPECT_EQ(f.next(), pair(2, "other"));
}

TEST(choice, the_head_for_an_agent_is_the_first_it_is_eligible_for) {
  group_fixture f;
  f.agent("a", 2);
  auto skilled = waiting(1, millis{300});
  skilled.need.skills = {{"refund", 1}};
  f.enter(skilled);
  auto declined = waiting(2, millis{200});
  declined.asked = {agent_id("a")};
  f.agent("b", 1, 1);
  f.enter(declined);
  f.enter(waiting(3, millis{100}));
  auto head = f.dispatcher.head_for(agent_id("a"), f.now);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->session, session(3));
  EXPECT_TRUE(f.dispatcher.mark_proposed(session(3), agent_id("a"), f.now));
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("a"), f.now));
  EXPECT_FALSE(f.dispatcher.head_for(agent_id("stranger"), f.now));
}

TEST(choice, a_decision_says_how_many_could_and_who_was_refused_and_why) {
  group_fixture f;
  f.agent("a", 2);
  f.agent("b", 2);
  f.agent("c", 2);
  f.agent("full", 2, 2);
  auto c = waiting(1);
  c.asked = {agent_id("a")};
  f.enter(c);
  ASSERT_EQ(f.next(), pair(1, "b"));
  EXPECT_EQ(f.last->why.eligible, 2u);
  EXPECT_TRUE(f.last->why.eligible_is_exact);
  EXPECT_EQ(f.last->why.runner_up, agent_id("c"));
  EXPECT_EQ(f.last->why.rejected, (std::vector<rejected_agent>{{agent_id("a"), clause::asked}}));
}

}  // namespace
}  // namespace switchboard::test
