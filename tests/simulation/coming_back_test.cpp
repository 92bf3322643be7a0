#include "tests/simulation/configuration_scene.hpp"

/// A session that comes back to who had it, put off or handed on, to a group that has closed or is
/// no more.
namespace switchboard::simulation {
namespace {

const std::string a_then_b = "  - {name: all, steps: [{group: a}, {group: b}]}\n";
const std::string a_or_message = "  - {name: all, steps: [{group: a}, {leave_message: true}]}\n";
const std::string ann_of_one = "  - {id: ann, groups: [a], capacity: 1}\n";

/// Served by ann, put off for a minute, and half a minute gone.
simulated_customer& put_off(stage& s) {
  auto& c = s.opened();
  EXPECT_EQ(s.server(c), "ann");
  s.agent(0).snooze(*c.session(), millis{60'000});
  s.node.pass(millis{30'000});
  EXPECT_TRUE(participants::is_snoozed(s.state(c)));
  return c;
}

TEST(put_off, and_its_group_closed_by_hand_meanwhile_it_goes_to_its_agent_who_is_there) {
  for (bool restarted : {false, true}) {
    stage s(deployment(ann, a_or_message));
    s.everybody_online();
    auto& c = put_off(s);
    switch_group(s, "a", true);
    if (restarted) {
      s.restart();
      s.agent(0).server_restarted();
      s.agent(0).log_in();
    }
    s.node.pass(millis{31'000});
    EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
    s.check();
  }
}

TEST(put_off, and_its_group_closed_by_its_hours_meanwhile_it_goes_to_its_agent_who_is_there) {
  // It is 12:00 in Shanghai when a simulation begins.
  stage s("calendars:\n  hours: {timezone: Asia/Shanghai, weekly: {mon-sun: \"12:00-12:01\"}}\n" +
          deployment(ann, a_or_message, "{id: a, calendar: hours}, {id: b}"));
  s.everybody_online();
  auto& c = s.opened();
  ASSERT_EQ(s.server(c), "ann");
  s.agent(0).snooze(*c.session(), millis{90'000});
  s.node.pass(millis{91'000});
  EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
  s.check();
}

TEST(put_off, and_its_group_closed_it_waits_for_its_agent_to_have_room) {
  stage s(deployment(ann_of_one, a_or_message));
  s.everybody_online();
  auto& c = put_off(s);
  auto& other = s.opened();
  ASSERT_EQ(s.server(other), "ann");
  switch_group(s, "a", true);
  s.node.pass(millis{50'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << to_string(s.phase(c));
  s.check();
  other.close();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
  s.check();
}

TEST(put_off, and_its_group_closed_it_is_planned_anew_when_its_agent_has_no_room_for_a_minute) {
  stage s(deployment(ann_of_one + bob, a_then_b));
  s.everybody_online();
  auto& c = put_off(s);
  s.opened();
  switch_group(s, "a", true);
  s.node.pass(millis{85'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << to_string(s.phase(c));
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.server(c), "bob") << to_string(s.phase(c));
  s.check();
}

TEST(put_off, and_its_group_closed_it_is_planned_anew_where_its_agent_is_not_there) {
  for (bool goes_later : {false, true}) {
    stage s(deployment(ann_of_one + bob, a_then_b));
    s.everybody_online();
    auto& c = put_off(s);
    if (goes_later) s.opened();
    switch_group(s, "a", true);
    if (!goes_later) s.agent(0).set_state("away");
    s.node.pass(millis{31'000});
    if (goes_later) {
      EXPECT_EQ(s.phase(c), session_phase::waiting);
      s.agent(0).set_state("away");
      s.node.pass(millis{20});
    }
    EXPECT_EQ(s.server(c), "bob") << to_string(s.phase(c));
    s.check();
  }
}

TEST(put_off, and_its_group_closed_its_customer_leaves_a_message_only_where_the_rules_say_so) {
  stage s(deployment(ann, a_or_message));
  s.everybody_online();
  auto& c = put_off(s);
  switch_group(s, "a", true);
  s.agent(0).set_state("offline");
  s.node.pass(millis{31'000});
  EXPECT_EQ(s.phase(c), session_phase::left_message);
  s.check();
}

TEST(put_off, and_its_group_closed_it_stays_a_waiter_when_the_group_opens_again) {
  stage s(deployment(ann_of_one + "  - {id: cai, groups: [a], capacity: 1}\n", a_or_message));
  s.agent(0).log_in();
  s.node.settle();
  auto& c = put_off(s);
  s.opened();
  switch_group(s, "a", true);
  s.agent(1).log_in();
  s.node.pass(millis{40'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << "kept for ann, who has no room";
  switch_group(s, "a", false);
  s.node.pass(millis{55'000});
  EXPECT_EQ(s.server(c), "cai") << "the minute is over";
  s.check();
}

TEST(put_off, and_its_group_removed_it_goes_to_its_agent_who_is_in_another_group_now) {
  for (bool restarted : {false, true}) {
    stage s(deployment(ann + bob, to_a, "{id: a}, {id: b}, {id: c}"));
    s.everybody_online();
    auto& c = put_off(s);
    reload(s,
           deployment("  - {id: ann, groups: [c], capacity: 2}\n" + bob, to_b, "{id: b}, {id: c}"));
    s.node.pass(millis{15'000});
    if (restarted) {
      s.restart();
      s.agent(0).server_restarted();
      s.agent(0).log_in();
      s.agent(1).log_in();
    }
    s.node.pass(millis{20'000});
    EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
    s.check();
  }
}

TEST(put_off, and_its_group_removed_it_is_planned_anew_where_its_agent_has_no_group) {
  stage s(deployment(ann + bob, to_a));
  s.everybody_online();
  auto& c = put_off(s);
  reload(s, deployment("  - {id: ann, groups: [], capacity: 2}\n" + bob, to_b, "{id: b}"));
  s.node.pass(millis{31'000});
  EXPECT_EQ(s.server(c), "bob") << to_string(s.phase(c));
  s.check();
}

TEST(put_off, and_woken_it_does_not_end_when_its_group_closes_while_it_waits) {
  stage s(deployment(ann_of_one + bob, a_then_b));
  s.everybody_online();
  auto& c = put_off(s);
  s.opened();
  s.agent(0).set_state("away");
  s.node.pass(millis{31'000});
  ASSERT_EQ(s.phase(c), session_phase::waiting);
  switch_group(s, "a", true);
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(c), "bob") << to_string(s.phase(c));
  s.check();
}

// ---- handed on cold, and the steps end

const std::string four = "{id: a}, {id: b}, {id: d}, {id: other}";
const std::string dou = "  - {id: dou, groups: [d], capacity: 1}\n";
/// By the rules it goes to `other` while bob is there, where nobody is, and after 5 s there is no
/// step left.
const std::string steps_end =
    "  - {name: handed on, when: queue(\"b\").online > 0, steps: [{group: other, wait: 5s}]}\n"
    "  - {name: all, steps: [{group: a}, {group: d}]}\n";

/// Served by ann, who has handed it on by the rules to where nobody is.
simulated_customer& handed_on(stage& s) {
  s.agent(0).log_in();
  s.node.settle();
  auto& c = s.opened();
  EXPECT_EQ(s.server(c), "ann");
  s.agent(1).log_in();
  s.node.pass(millis{300});
  s.agent(0).transfer(*c.session(), "", "");
  s.node.pass(millis{100});
  EXPECT_EQ(s.phase(c), session_phase::waiting);
  EXPECT_EQ(places(s, c), in("other"));
  return c;
}

TEST(handed_on, and_no_step_left_it_goes_back_to_the_giver_who_is_there) {
  stage s(deployment(ann_of_one + bob, steps_end, four));
  auto& c = handed_on(s);
  s.node.pass(millis{5'000});
  EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
  s.check();
}

TEST(handed_on, and_no_step_left_it_waits_for_the_giver_who_has_no_room_now) {
  stage s(deployment(ann_of_one + bob, steps_end, four));
  auto& c = handed_on(s);
  s.agent(1).set_state("away");
  s.node.pass(millis{300});
  auto& next = s.opened();
  ASSERT_EQ(s.server(next), "ann");
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.phase(c), session_phase::waiting) << to_string(s.phase(c));
  EXPECT_EQ(places(s, c), in("a"));
  next.close();
  s.node.pass(millis{20});
  EXPECT_EQ(s.server(c), "ann");
  s.check();
}

TEST(handed_on, and_no_step_left_it_goes_to_the_others_of_the_givers_group_when_the_giver_is_gone) {
  stage s(
      deployment(ann_of_one + bob + "  - {id: cai, groups: [a], capacity: 1}\n", steps_end, four));
  auto& c = handed_on(s);
  s.agent(0).set_state("offline");
  s.agent(2).log_in();
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.server(c), "cai") << to_string(s.phase(c));
  s.check();
}

TEST(handed_on, and_no_step_left_it_goes_back_to_the_giver_whose_group_has_closed) {
  stage s(deployment(ann_of_one + bob, steps_end, four));
  auto& c = handed_on(s);
  switch_group(s, "a", true);
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
  s.check();
}

TEST(handed_on, and_no_step_left_it_is_planned_anew_when_the_giver_is_gone_and_the_group_closed) {
  stage s(deployment(ann_of_one + bob + dou, steps_end, four));
  auto& c = handed_on(s);
  switch_group(s, "a", true);
  s.agent(0).set_state("offline");
  s.agent(1).set_state("offline");
  s.agent(2).log_in();
  s.node.pass(millis{6'000});
  EXPECT_EQ(s.server(c), "dou") << to_string(s.phase(c));
  s.check();
}

TEST(handed_on, to_a_group_by_hand_it_is_planned_anew_when_nobody_has_it_any_more) {
  // Taken over by bob, whose line is lost when his group has closed: no step of that plan is left.
  stage s(deployment(ann + bob, a_then_b) + "session: {reconnect_grace: 2s}\n");
  s.everybody_online();
  auto& c = s.opened();
  s.agent(0).transfer(*c.session(), "b", "");
  s.node.pass(millis{100});
  ASSERT_EQ(s.server(c), "bob");
  switch_group(s, "b", true);
  s.agent(1).lose_line();
  s.node.pass(millis{3'000});
  EXPECT_EQ(s.server(c), "ann") << to_string(s.phase(c));
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
