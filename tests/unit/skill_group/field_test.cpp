#include <set>

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "group_fixture.hpp"

/// The scenarios of the routing page that live in a group, each by its symptom.
namespace switchboard::test {
namespace {

/// Two wait, the older first; whatever frees room must serve the older.
class freed_room : public testing::Test {
 protected:
  void two_wait() {
    f.enter(waiting(1, millis{200}));
    f.enter(waiting(2, millis{100}));
    ASSERT_EQ(f.next().first, 0);
  }
  group_fixture f;
};

TEST_F(freed_room, 1_a_newer_waiter_does_not_overtake_when_a_session_closes) {
  f.agent("a", 1, 1);
  two_wait();
  f.enter(waiting(3));
  f.set_used("a", 0);
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "a"}}));
}

TEST_F(freed_room, 1_a_newer_waiter_does_not_overtake_when_the_limit_is_raised) {
  f.agent("a", 1, 1);
  two_wait();
  f.views["a"].capacity = 2;
  f.tell("a");
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "a"}}));
}

TEST_F(freed_room, 1_a_newer_waiter_does_not_overtake_when_an_agent_comes_online) {
  f.agent("a", 1);
  f.set_status("a", agent_status::away);
  two_wait();
  f.set_status("a", agent_status::online);
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "a"}}));
}

TEST_F(freed_room, 1_a_newer_waiter_does_not_overtake_when_a_skill_is_added) {
  f.agent("a", 1);
  for (int i : {1, 2}) {
    auto c = waiting(i, millis{300 - 100 * i});
    c.need.skills = {{"refund", 2}};
    f.enter(c);
  }
  ASSERT_EQ(f.next().first, 0);
  f.views["a"].skills = {{"refund", 2}};
  f.tell("a");
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "a"}}));
}

TEST(field, 2_a_customer_is_not_stuck_to_an_agent_who_is_gone) {
  group_fixture f;
  f.agent("last", 1, 1);
  f.agent("other", 2);
  for (int i : {1, 2}) {
    auto c = waiting(i, millis{100 - i});
    c.sticky = agent_id("last");
    c.sticky_until = f.now + millis{30'000};
    f.enter(c);
  }
  ASSERT_EQ(f.next().first, 0);
  f.set_status("last", agent_status::reconnecting);
  EXPECT_EQ(f.next(), pair(1, "other"));
  f.set_status("last", agent_status::online);
  EXPECT_EQ(f.next().first, 0);
  f.dispatcher.agent_gone(agent_id("last"), f.now);
  EXPECT_EQ(f.next(), pair(2, "other"));
}

TEST(field, 3_hundreds_of_openings_against_few_places_never_exceed_a_limit) {
  group_fixture f;
  for (int a = 0; a < 50; ++a) f.agent("a" + std::to_string(100 + a), 2);
  for (int i = 1; i <= 300; ++i) f.enter(waiting(i, millis{1'000 - i}));
  std::map<std::string, int> given;
  int served = 0;
  // Nothing is answered yet: the group alone must not promise more than there is.
  for (auto m = f.next(); m.first != 0; m = f.next()) {
    EXPECT_EQ(m.first, ++served);
    EXPECT_LE(++given[m.second], 2);
  }
  EXPECT_EQ(served, 100);
}

TEST(field, 8_a_no_answer_moves_on_and_asks_each_agent_once_a_round) {
  group_fixture f;
  for (auto* name : {"a", "b", "c"}) f.agent(name, 3);
  f.enter(waiting(1));
  std::set<std::string> rung;
  for (int i = 0; i < 3; ++i) {
    auto [n, name] = f.next();
    ASSERT_EQ(n, 1);
    EXPECT_FALSE(f.last->new_round);
    EXPECT_TRUE(rung.insert(name).second) << name << " was rung twice in one round";
    f.fail(1, name, proposal_failure::missed);
  }
  // Everybody was asked once: a new round, and it says so.
  ASSERT_EQ(f.next().first, 1);
  EXPECT_TRUE(f.last->new_round);
  EXPECT_TRUE(f.last->who.asked.empty());
}

TEST(field, 8_a_round_is_not_over_while_somebody_busy_has_not_been_asked) {
  group_fixture f;
  f.agent("a", 1);
  f.agent("b", 1, 1);
  f.enter(waiting(1));
  ASSERT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::declined);
  EXPECT_EQ(f.next().first, 0);
  f.set_status("b", agent_status::offline);
  EXPECT_EQ(f.next(), pair(1, "a"));
  EXPECT_TRUE(f.last->new_round);
}

TEST(field, 14_what_is_handed_on_does_not_come_straight_back_to_the_only_one_who_is_there) {
  group_fixture f;
  f.agent("giver", 3);
  auto c = waiting(1);
  c.asked = {agent_id{"giver"}};
  c.handed_on_by = agent_id{"giver"};
  f.enter(c);
  EXPECT_EQ(f.next().first, 0) << "it waits for somebody else";
  f.now += millis{60'000};
  EXPECT_EQ(f.next().first, 0);
  f.agent("other", 3);
  ASSERT_EQ(f.next(), pair(1, "other"));
  // The other will not: it is asked anew, and the giver is not.
  f.fail(1, "other", proposal_failure::declined);
  ASSERT_EQ(f.next(), pair(1, "other"));
  EXPECT_TRUE(f.last->new_round);
  f.fail(1, "other", proposal_failure::declined);
  f.set_status("other", agent_status::offline);
  EXPECT_EQ(f.next().first, 0);
  // The transfer is over.
  f.dispatcher.update(waiting(1), f.now);
  EXPECT_EQ(f.next(), pair(1, "giver"));
}

TEST(field, 8_a_session_that_still_lists_a_forgiven_round_is_not_held_to_it) {
  group_fixture f;
  for (auto* name : {"a", "b"}) f.agent(name, 3);
  auto c = waiting(1);
  c.asked = {agent_id("a"), agent_id("b")};
  f.enter(c);
  ASSERT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::declined);
  f.dispatcher.update(c, f.now);
  EXPECT_EQ(f.next(), pair(1, "b"));
}

TEST(field, 9_a_newcomer_is_not_flooded) {
  config::group_config o;
  o.strategy = config::strategy::least_loaded;
  o.ramp_per_agent_per_minute = 6;
  group_fixture f(o);
  for (int i = 1; i <= 20; ++i) f.enter(waiting(i, millis{1'000 - i}));
  f.agent("new", 10);
  for (int s = 0; s < 60; s += 5) {
    EXPECT_EQ(f.serve_all().size(), s % 10 == 0 ? 1u : 0u) << "after " << s << " s";
    if (s % 10 == 0) {
      EXPECT_EQ(f.dispatcher.next_deadline(f.now), f.now + millis{10'000});
    }
    f.now += millis{5'000};
  }
}

TEST(field, 9_shares_stay_fair_while_agents_join_and_leave) {
  for (auto s : {config::strategy::longest_idle, config::strategy::round_robin,
                 config::strategy::fewest_today}) {
    config::group_config o;
    o.strategy = s;
    group_fixture f(o);
    for (auto* name : {"a", "b", "c"}) f.agent(name, 1'000);
    int n = 0;
    auto serve = [&](int sessions) {
      std::map<std::string, int> share;
      for (int i = 0; i < sessions; ++i) {
        f.now += millis{1'000};
        f.enter(waiting(++n));
        for (auto& m : f.serve_all()) ++share[m.second];
      }
      return share;
    };
    EXPECT_EQ(serve(30), (std::map<std::string, int>{{"a", 10}, {"b", 10}, {"c", 10}}));
    f.set_status("b", agent_status::away);
    EXPECT_EQ(serve(20), (std::map<std::string, int>{{"a", 10}, {"c", 10}}));
    f.views["b"].assigned_today = f.views["a"].assigned_today;
    f.set_status("b", agent_status::online);
    auto back = serve(30);
    for (auto& [name, share] : back) EXPECT_NEAR(share, 10, 1) << name;
  }
}

TEST(field, 10_a_waiter_nobody_can_take_does_not_block_the_ones_behind) {
  group_fixture f;
  f.agent("a", 2);
  auto rare = waiting(1, millis{500});
  rare.need.skills = {{"klingon", 1}};
  f.enter(rare);
  f.enter(waiting(2, millis{300}));
  f.enter(waiting(3, millis{400}));
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{3, "a"}, {2, "a"}}));
  EXPECT_EQ(f.dispatcher.position(session(1)), 1u);
}

TEST(field, 10_the_lowest_priority_waits_a_bounded_time_under_aged) {
  group_fixture f;
  f.agent("a", 1);
  auto low = waiting(1);
  low.priority = -5;
  f.enter(low);
  // One urgent session a second, one place a second: age must win after (10 + 5) minutes at the
  // latest.
  int n = 1;
  for (int s = 0; s <= 15 * 60 + 1; ++s) {
    f.now = start + millis{1'000 * s};
    auto urgent = waiting(++n);
    urgent.opened_at = f.now;
    urgent.priority = 10;
    f.enter(urgent);
    f.set_used("a", 0);
    for (auto& m : f.serve_all()) {
      if (m.first != 1) continue;
      EXPECT_GE(s, 15 * 60);
      return;
    }
  }
  FAIL() << "starved";
}

TEST(field, 11_only_an_agent_who_is_online_is_eligible) {
  group_fixture f;
  f.agent("a", 1);
  for (auto s : {agent_status::offline, agent_status::away, agent_status::busy,
                 agent_status::draining, agent_status::reconnecting}) {
    f.set_status("a", s);
    f.enter(waiting(1));
    EXPECT_EQ(f.next().first, 0) << to_string(s);
    EXPECT_FALSE(f.dispatcher.head_for(agent_id("a"), f.now)) << to_string(s);
  }
  f.set_status("a", agent_status::online);
  EXPECT_EQ(f.next(), pair(1, "a"));
}

TEST(field, 12_a_nights_backlog_does_not_fall_on_the_first_to_arrive) {
  config::group_config o;
  o.ramp_per_agent_per_minute = 6;
  group_fixture f(o);
  for (int i = 1; i <= 40; ++i) f.enter(waiting(i, millis{3'600'000 - i}));
  std::map<std::string, int> share;
  for (int s = 0; s < 60; ++s) {
    if (s % 2 == 0 && s < 8) {
      auto name = std::string(1, static_cast<char>('a' + s / 2));
      f.agent(name, 10).online_since = f.now;
      f.tell(name);
    }
    for (auto& m : f.serve_all()) ++share[m.second];
    f.now += millis{1'000};
  }
  EXPECT_EQ(share, (std::map<std::string, int>{{"a", 6}, {"b", 6}, {"c", 6}, {"d", 6}}));
}

TEST(field, 7_round_robin_goes_on_after_a_restart_where_it_was) {
  config::group_config o;
  o.strategy = config::strategy::round_robin;
  group_fixture f(o);
  f.dispatcher.restore_round_robin(agent_id("b"));
  for (auto* name : {"d", "a", "c"}) f.agent(name, 5);
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i, millis{100 - i}));
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "c"}, {2, "d"}, {3, "a"}}));
}

}  // namespace
}  // namespace switchboard::test
