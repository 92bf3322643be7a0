#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "group_fixture.hpp"

/// What a group's configuration asks of its choice beside the strategy.
namespace switchboard::test {
namespace {

config::group_config ramping(int per_minute, millis span) {
  config::group_config o;
  o.ramp_per_agent_per_minute = per_minute;
  o.ramp_for = span;
  return o;
}

TEST(ramp, 12_a_nights_backlog_does_not_fall_on_the_first_agent_to_arrive) {
  group_fixture f(ramping(6, millis{600'000}));
  for (int i = 1; i <= 5; ++i) f.enter(waiting(i, millis{1'000 * (9 - i)}));
  f.agent("early", 5).online_since = f.now;
  f.tell("early");
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "early"}})) << "one, and the next in ten seconds";
  f.now += millis{10'000};
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{2, "early"}}));
}

TEST(ramp, is_over_some_time_after_log_in) {
  group_fixture f(ramping(6, millis{600'000}));
  f.agent("long_there", 5).online_since = f.now - millis{600'000};
  f.tell("long_there");
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i));
  EXPECT_EQ(f.serve_all().size(), 3u);
}

TEST(ramp, begins_anew_when_the_group_opens) {
  group_fixture f(ramping(6, millis{600'000}));
  f.dispatcher.set_open(false, f.now);
  f.agent("long_there", 5).online_since = f.now - millis{600'000};
  f.tell("long_there");
  f.dispatcher.set_open(true, f.now);
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i));
  EXPECT_EQ(f.serve_all().size(), 1u);
}

queue_entry owned_by(int n, const std::string& agent, timestamp until) {
  auto c = waiting(n);
  c.sticky = agent_id(agent);
  c.sticky_until = until;
  c.owned = true;
  return c;
}

TEST(owned_place, waits_for_an_agent_who_is_not_there_while_others_have_room) {
  group_fixture f;
  f.agent("other", 3);
  f.enter(owned_by(1, "mine", f.now + millis{60'000}));
  EXPECT_EQ(f.next().first, 0) << "mine has never been seen";
  f.agent("mine", 1);
  f.set_status("mine", agent_status::away);
  EXPECT_EQ(f.next().first, 0);
  f.set_status("mine", agent_status::online);
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "mine"}}));
}

TEST(owned_place, is_anybodys_when_its_time_is_over) {
  group_fixture f;
  f.agent("other", 3);
  f.enter(owned_by(1, "mine", f.now + millis{60'000}));
  ASSERT_EQ(f.next().first, 0);
  f.now += millis{60'000};
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "other"}}));
}

TEST(manual_claim, 15_obeys_the_same_clauses) {
  group_fixture f;
  f.agent("able", 1);
  f.agent("full", 1, 1);
  f.agent("away", 1);
  f.set_status("away", agent_status::away);
  auto c = waiting(1);
  c.asked = {agent_id("asked")};
  f.agent("asked", 1);
  f.enter(c);
  EXPECT_EQ(f.dispatcher.why_not(session(1), agent_id("able"), f.now), clause::none);
  EXPECT_EQ(f.dispatcher.why_not(session(1), agent_id("full"), f.now), clause::room);
  EXPECT_EQ(f.dispatcher.why_not(session(1), agent_id("away"), f.now), clause::online);
  EXPECT_EQ(f.dispatcher.why_not(session(1), agent_id("asked"), f.now), clause::asked);
  EXPECT_EQ(f.dispatcher.why_not(session(1), agent_id("stranger"), f.now), clause::member);
  EXPECT_EQ(f.dispatcher.why_not(session(2), agent_id("able"), f.now), clause::member);
}

}  // namespace
}  // namespace switchboard::test
