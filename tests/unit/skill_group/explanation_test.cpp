#include <algorithm>

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

clause reason(const explanation& e, const std::string& name) {
  auto at = std::find_if(e.rejected.begin(), e.rejected.end(),
                         [&](auto& r) { return r.agent.value == name; });
  return at == e.rejected.end() ? clause::none : at->because;
}

TEST(explanation, names_the_first_failing_clause_of_each_agent) {
  config::group_config o;
  o.ramp_per_agent_per_minute = 6;
  group_fixture f(o);
  f.agent("away", 2);
  f.set_status("away", agent_status::away);
  f.agent("asked", 2);
  f.agent("full", 2, 2);
  f.agent("ramping", 2);
  f.agent("small", 1);
  f.agent("unskilled", 2);
  for (auto* name : {"asked", "full", "ramping", "small"}) {
    f.views[name].skills = {{"refund", 2}};
    f.tell(name);
  }
  f.enter(waiting(9, millis{9'000}));
  f.dispatcher.mark_proposed(session(9), agent_id("ramping"), f.now);
  auto c = waiting(1);
  c.need = {{{"refund", 2}}, 2};
  c.asked = {agent_id("asked")};
  f.enter(c);
  f.views["ramping"].capacity = 4;
  f.tell("ramping");
  auto e = f.dispatcher.explain(session(1), f.now);
  ASSERT_TRUE(e);
  EXPECT_EQ(reason(*e, "away"), clause::online);
  EXPECT_EQ(reason(*e, "asked"), clause::asked);
  EXPECT_EQ(reason(*e, "full"), clause::room);
  EXPECT_EQ(reason(*e, "ramping"), clause::ramp);
  EXPECT_EQ(reason(*e, "small"), clause::room);
  EXPECT_EQ(reason(*e, "unskilled"), clause::skill);
  EXPECT_EQ(e->position, 2u);
  EXPECT_EQ(e->eligible_count, 0u);
  EXPECT_EQ(e->state, explanation::standing::waiting);
}

TEST(explanation, says_what_would_unblock_a_waiter) {
  group_fixture f;
  auto c = waiting(1);
  c.need.skills = {{"refund", 4}};
  f.enter(c);
  auto e = f.dispatcher.explain(session(1), f.now);
  ASSERT_EQ(e->unblocks.size(), 1u);
  EXPECT_EQ(e->unblocks[0], "another agent online with refund 4 and room for 1");
  f.agent("a", 1, 1).skills = {{"refund", 5}};
  f.tell("a");
  e = f.dispatcher.explain(session(1), f.now);
  EXPECT_EQ(e->unblocks[0], "room for 1 at one of 1 agent");
}

TEST(explanation, shows_who_waits_for_a_preferred_agent) {
  group_fixture f;
  f.agent("last", 1, 1);
  f.agent("other", 1);
  auto c = waiting(1);
  c.sticky = agent_id("last");
  c.sticky_until = f.now + millis{1'000};
  f.enter(c);
  auto e = f.dispatcher.explain(session(1), f.now);
  EXPECT_EQ(e->state, explanation::standing::held_for_sticky);
  EXPECT_EQ(reason(*e, "other"), clause::sticky);
  EXPECT_EQ(reason(*e, "last"), clause::room);
}

TEST(explanation, is_bounded_however_many_agents_there_are) {
  group_fixture f;
  for (int i = 0; i < 100; ++i) f.agent("a" + std::to_string(i), 1, i % 2);
  f.enter(waiting(1));
  auto e = f.dispatcher.explain(session(1), f.now);
  EXPECT_EQ(e->eligible_count, 50u);
  EXPECT_EQ(e->eligible.size(), 16u);
  EXPECT_EQ(e->rejected.size(), 16u);
  EXPECT_EQ(e->rejected_by[static_cast<std::size_t>(clause::room)], 50u);
}

}  // namespace
}  // namespace switchboard::test
