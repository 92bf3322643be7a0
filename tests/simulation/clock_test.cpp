#include "tests/simulation/configuration_scene.hpp"

/// The machine's clock is set while people wait, and days and opening hours pass.
namespace switchboard::simulation {
namespace {

const millis hour{3'600'000};
const std::string one_agent = R"(
groups:
  - {id: a, offer: {accept: manual, timeout: 3s, missed_limit: 0}}
  - {id: b}
agents:
  - {id: ann, groups: [a], capacity: 2}
  - {id: bob, groups: [b], capacity: 2}
channels: [{id: app}]
rules:
  - {name: offered, when: 'request.intent == "offered"', steps: [{group: a, wait: 8s}, {leave_message: true}]}
  - {name: all, steps: [{group: b}]}
session: {idle_close: 20s}
)";

struct a_clock_set : testing::TestWithParam<int> {
  millis by() const { return GetParam() * hour; }
};

TEST_P(a_clock_set, while_an_offer_a_step_and_a_silence_run_ends_none_of_them_early_or_late) {
  stage s(one_agent);
  s.agent(0).ignores_offers = true;
  s.everybody_online();
  auto& silent = s.opened();
  auto& offered = s.opened("offered");
  ASSERT_EQ(s.server(silent), "bob");
  ASSERT_EQ(s.phase(offered), session_phase::offered);
  s.node.pass(millis{1'000});
  s.node.set_wall(by());
  s.node.pass(millis{1'500});
  EXPECT_EQ(s.state(offered).offers, 1u);
  EXPECT_EQ(s.phase(offered), session_phase::offered);
  s.node.pass(millis{5'000});
  EXPECT_GE(s.state(offered).offers, 2u);
  EXPECT_EQ(s.phase(offered), session_phase::offered);
  s.node.pass(millis{3'000});
  EXPECT_EQ(s.phase(offered), session_phase::left_message);
  EXPECT_EQ(s.phase(silent), session_phase::active);
  s.node.pass(millis{11'000});
  EXPECT_EQ(s.phase(silent), session_phase::closed);
  s.check();
}

TEST_P(a_clock_set, stamps_what_comes_after_by_the_wall_or_lets_the_stamps_stand_still) {
  stage s(one_agent);
  s.everybody_online();
  auto& old = s.opened();
  const auto before = s.node.wall();
  s.node.set_wall(by());
  old.close();
  auto& fresh = s.opened();
  EXPECT_LE(std::chrono::abs(s.state(fresh).opened_at - s.node.wall()), millis{100});
  const auto closed = *s.state(old).closed_at;
  const auto expected = by() > millis{0} ? s.node.wall() : before;
  EXPECT_LE(std::chrono::abs(closed - expected), millis{100});
  s.check();
}

TEST_P(a_clock_set, and_a_restart_end_what_waited_before_within_its_span) {
  stage s(one_agent);
  s.agent(0).ignores_offers = true;
  s.everybody_online();
  auto& silent = s.opened();
  auto& offered = s.opened("offered");
  s.node.set_wall(by());
  s.restart();
  s.node.pass(millis{9'000});
  EXPECT_EQ(s.phase(offered), session_phase::left_message);
  s.agent(1).log_in();
  s.node.pass(millis{21'000});
  EXPECT_EQ(s.phase(silent), session_phase::closed);
  s.check();
}

TEST_P(a_clock_set, wakes_what_was_put_off_until_a_time_on_the_wall_when_the_wall_shows_it) {
  stage s(one_agent);
  s.everybody_online();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "bob");
  s.agent(1).snooze(*c.session(), 10 * hour);
  s.node.pass(millis{1'000});
  s.node.set_wall(by());
  s.node.pass(10 * hour - by() - millis{60'000});
  EXPECT_EQ(s.phase(c), session_phase::active);
  EXPECT_TRUE(participants::is_snoozed(s.state(c)));
  s.node.pass(millis{62'000});
  EXPECT_FALSE(s.state(c).participants && participants::is_snoozed(s.state(c)));
  s.check();
}

INSTANTIATE_TEST_SUITE_P(by_hours, a_clock_set, testing::Values(-8, 8),
                         [](auto& i) { return i.param < 0 ? "back" : "forward"; });

// It is 12:00 in Shanghai when a simulation begins.
const std::string shop = R"(
calendars:
  hours: {timezone: Asia/Shanghai, weekly: {mon-sun: "13:00-14:00"}}
groups: [{id: a, calendar: hours}]
agents: [{id: ann, groups: [a], capacity: 9}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: a}, {leave_message: true}]}]
)";

TEST(opening_hours_come, on_the_stroke_of_the_hour_and_end_so) {
  stage s(shop);
  s.everybody_online();
  s.node.pass(hour - millis{600} - (s.node.now() - s.node.started()));
  EXPECT_EQ(s.phase(s.opened()), session_phase::left_message);
  s.node.pass(millis{1'000});
  EXPECT_EQ(s.server(s.opened()), "ann");
  s.node.pass(hour - millis{1'000});
  EXPECT_EQ(s.server(s.opened()), "ann") << "some 400 ms before the end";
  s.node.pass(millis{1'000});
  EXPECT_EQ(s.phase(s.opened()), session_phase::left_message);
}

TEST(opening_hours_come, within_a_second_of_the_clock_being_set_past_them) {
  stage s(shop);
  s.everybody_online();
  s.node.set_wall(hour);
  s.node.pass(millis{1'100});
  EXPECT_EQ(s.server(s.opened()), "ann");
  s.node.set_wall(-hour);
  s.node.pass(millis{1'100});
  EXPECT_EQ(s.phase(s.opened()), session_phase::left_message);
}

TEST(opening_hours_come, when_a_new_configuration_brings_them) {
  stage s(shop);
  s.everybody_online();
  auto next = shop;
  next.replace(next.find("13:00-14:00"), 11, "12:00-12:10");
  reload(s, next);
  EXPECT_EQ(s.server(s.opened()), "ann");
  s.node.pass(millis{600'500});
  EXPECT_EQ(s.phase(s.opened()), session_phase::left_message);
}

TEST(a_day, that_is_over_leaves_no_count_behind_for_fewest_today) {
  stage s(R"(
groups: [{id: a, strategy: fewest_today}]
agents: [{id: ann, groups: [a], capacity: 50}, {id: bob, groups: [a], capacity: 50}]
channels: [{id: app}]
rules: [{name: all, steps: [{group: a}]}]
)");
  s.agent(0).log_in();
  s.node.settle();
  for (int i = 0; i < 5; ++i) ASSERT_EQ(s.server(s.opened()), "ann");
  s.agent(1).log_in();
  s.node.pass(20 * hour);  // midnight in UTC
  std::map<std::string, int> today;
  for (int i = 0; i < 6; ++i) ++today[s.server(s.opened())];
  EXPECT_EQ(today["ann"], 3);
  EXPECT_EQ(today["bob"], 3);
}

}  // namespace
}  // namespace switchboard::simulation
