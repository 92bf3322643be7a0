#include "actors/skill_group/strategy.hpp"

#include <map>

#include <gtest/gtest.h>

#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

config::group_config by(config::strategy s) {
  config::group_config o;
  o.strategy = s;
  return o;
}

TEST(strategy, longest_idle_takes_whoever_was_assigned_longest_ago) {
  group_fixture f(by(config::strategy::longest_idle));
  f.agent("a", 3).last_assigned = start - millis{10};
  f.tell("a");
  f.agent("b", 3).last_assigned = start - millis{30};
  f.tell("b");
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "b"));
  EXPECT_EQ(f.last->why.runner_up, agent_id("a"));
}

TEST(strategy, longest_idle_counts_from_coming_online_not_from_yesterday) {
  group_fixture f(by(config::strategy::longest_idle));
  f.agent("here", 3).last_assigned = start - millis{60'000};
  f.tell("here");
  auto& newcomer = f.agent("new", 3);
  newcomer.last_assigned = start - millis{12 * 3'600'000};
  newcomer.online_since = start;
  f.tell("new");
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "here"));
}

TEST(strategy, an_idle_agent_is_idle_for_a_span_and_not_since_a_number) {
  group_fixture f(by(config::strategy::longest_idle));
  auto& a = f.agent("a", 3);
  a.last_assigned = a.online_since = start - millis{80'000};
  f.tell("a");
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "a"));
  EXPECT_EQ(key_text(f.last->why.strategy, f.last->why.winner_key, start), "idle for 1m 20s");
}

TEST(strategy, least_loaded_compares_shares_of_capacity_not_counts) {
  group_fixture f(by(config::strategy::least_loaded));
  f.agent("big", 10, 3);
  f.agent("small", 4, 2);
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "big"));
  EXPECT_EQ(key_text(f.last->why.strategy, f.last->why.winner_key, f.now), "load 30 %");
}

TEST(strategy, equal_loads_go_to_the_longest_since_assignment_then_to_the_lower_id) {
  group_fixture f(by(config::strategy::least_loaded));
  f.agent("a", 3, 1).last_assigned = start;
  f.tell("a");
  f.agent("c", 6, 2);
  f.agent("b", 9, 3);
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "b"));
  EXPECT_EQ(f.last->why.runner_up, agent_id("c"));
}

TEST(strategy, round_robin_goes_on_after_the_last_and_wraps) {
  group_fixture f(by(config::strategy::round_robin));
  for (auto* name : {"c", "a", "b"}) f.agent(name, 5);
  for (int i = 1; i <= 5; ++i) f.enter(waiting(i, millis{100 - i}));
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "a"}, {2, "b"}, {3, "c"}, {4, "a"}, {5, "b"}}));
}

TEST(strategy, round_robin_gives_the_turn_back_when_nobody_was_rung) {
  group_fixture f(by(config::strategy::round_robin));
  for (auto* name : {"a", "b", "c"}) f.agent(name, 5);
  f.enter(waiting(1));
  EXPECT_EQ(f.next(), pair(1, "a"));
  f.fail(1, "a", proposal_failure::session_refused);
  f.enter(waiting(2));
  EXPECT_EQ(f.next(), pair(2, "a"));
}

TEST(strategy, fewest_today_takes_who_had_fewest_proposals_in_flight_counted) {
  group_fixture f(by(config::strategy::fewest_today));
  f.agent("a", 5).assigned_today = 2;
  f.tell("a");
  f.agent("b", 5).assigned_today = 1;
  f.tell("b");
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i, millis{100 - i}));
  EXPECT_EQ(f.next(), pair(1, "b"));
  // Two each now; b was chosen a moment ago.
  EXPECT_EQ(f.next(), pair(2, "a"));
  EXPECT_EQ(f.next(), pair(3, "b"));
}

TEST(strategy, best_skill_adds_the_levels_of_what_is_required_only) {
  group_fixture f(by(config::strategy::best_skill));
  f.agent("cook", 5).skills = {{"cooking", 9}, {"refund", 3}};
  f.tell("cook");
  f.agent("pro", 5).skills = {{"english", 2}, {"refund", 4}};
  f.tell("pro");
  auto c = waiting(1);
  c.need.skills = {{"refund", 2}};
  f.enter(c);
  EXPECT_EQ(f.next(), pair(1, "pro"));
  EXPECT_EQ(key_text(f.last->why.strategy, f.last->why.winner_key, f.now), "skill levels 4");
}

TEST(strategy, top_down_follows_the_roster_then_ids) {
  group_fixture f(by(config::strategy::top_down));
  std::vector<agent_id> roster{agent_id("z"), agent_id("m")};
  f.dispatcher.set_roster(roster);
  for (auto* name : {"a", "m", "z"}) f.agent(name, 1);
  for (int i = 1; i <= 3; ++i) f.enter(waiting(i, millis{100 - i}));
  EXPECT_EQ(f.serve_all(), (std::vector<pair>{{1, "z"}, {2, "m"}, {3, "a"}}));
}

TEST(strategy, random_gives_every_eligible_agent_its_share) {
  group_fixture f(by(config::strategy::random));
  for (int i = 0; i < 8; ++i) f.agent("a" + std::to_string(i), 1);
  f.agent("skilled", 1).skills = {{"refund", 1}};
  f.tell("skilled");
  std::map<std::string, int> hits;
  for (int i = 1; i <= 9'000; ++i) {
    f.enter(waiting(i));
    auto [n, name] = f.next();
    ++hits[name];
    f.dispatcher.leave(session(n), f.now);
  }
  ASSERT_EQ(hits.size(), 9u);
  for (auto& [name, n] : hits) EXPECT_NEAR(n, 1'000, 150) << name;
}

TEST(strategy, random_finds_the_one_who_fits_among_many_who_do_not) {
  group_fixture f(by(config::strategy::random));
  for (int i = 0; i < 500; ++i) f.agent("a" + std::to_string(i), 1);
  f.agent("skilled", 1).skills = {{"refund", 1}};
  f.tell("skilled");
  auto c = waiting(1);
  c.need.skills = {{"refund", 1}};
  f.enter(c);
  EXPECT_EQ(f.next(), pair(1, "skilled"));
}

}  // namespace
}  // namespace switchboard::test
