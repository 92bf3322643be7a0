#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using testing::HasSubstr;

std::string steps_of(const std::string& steps) {
  return deployment_with("  - name: rest\n    steps:\n" + steps);
}

TEST(choosing_a_step, skips_steps_until_one_holds) {
  const auto rules =
      rules_of(steps_of("      - {group: a, skip_if: queue('a').online == 0}\n"
                        "      - {group: b, skip_if: queue('b').waiting > 5}\n"
                        "      - {group: c}\n"));
  customer c;
  c.reports("b", {.waiting = 6});
  const auto plan = c.plan(*rules);
  EXPECT_EQ(plan.first.step, 2);
  EXPECT_EQ(lines(plan.first.why),
            "step 1 (a) is skipped: queue('a').online == 0\n"
            "step 2 (b) is skipped: queue('b').waiting > 5\n");
  c.reports("b", {.waiting = 5});
  EXPECT_EQ(c.plan(*rules).first.step, 1);
  c.reports("a", {.online = 1});
  EXPECT_EQ(c.plan(*rules).first.step, 0);
  EXPECT_EQ(c.step(*rules, plan.plan, 2).step, 2);
}

TEST(choosing_a_step, does_not_skip_for_a_condition_without_an_answer_and_says_so) {
  const auto rules =
      rules_of(steps_of("      - {group: a, skip_if: queue('a').eta > duration('1m')}\n"
                        "      - {group: b}\n"));
  const auto made = customer().plan(*rules);
  EXPECT_EQ(made.first.step, 0);
  EXPECT_THAT(lines(made.first.why),
              HasSubstr("step 1 (a) is not skipped: skip_if has no answer: 1:16: "));
}

TEST(choosing_a_step, answers_with_the_number_of_steps_when_none_is_left) {
  const auto rules = rules_of(steps_of("      - {group: a, wait: 5s}\n      - {group: b}\n"));
  customer c;
  const auto made = c.plan(*rules);
  const auto over = c.step(*rules, made.plan, 2);
  EXPECT_EQ(over.step, 2);
  EXPECT_TRUE(over.groups.empty());
  EXPECT_EQ(lines(over.why), "no step is left\n");
  EXPECT_EQ(c.step(*rules, made.plan, 99).step, 2);
  EXPECT_EQ(c.step(*rules, made.plan, -1).step, 0);
}

TEST(choosing_a_step, knows_a_group_by_the_name_it_had_before_a_merger) {
  const auto old = rules_of(steps_of("      - {groups: [a, b]}\n      - {group: a}\n"));
  const auto now = rules_of(
      "groups: [{id: b, formerly: [a]}, {id: c}]\nrules: [{name: rest, steps: [{group: c}]}]\n", 2);
  customer c;
  const auto made = c.plan(*old);
  const auto choice = old->choose_step(made.plan, c.input(), c.board, 1, c.now, &now->groups());
  EXPECT_EQ(choice.step, 1);
  EXPECT_EQ(choice.groups, groups({"b"}));
  EXPECT_THAT(lines(choice.why), HasSubstr("a was merged into b"));
  EXPECT_EQ(old->choose_step(made.plan, c.input(), c.board, 0, c.now, &now->groups()).groups,
            groups({"b"}));
}

TEST(choosing_a_step, leaves_closed_groups_out) {
  const auto rules = rules_of(steps_of("      - {groups: [a, b]}\n      - {group: c}\n"));
  customer c;
  c.reports("a", {.online = 5, .available = 5, .open = false});
  auto made = c.plan(*rules);
  EXPECT_EQ(made.first.groups, groups({"b"}));
  EXPECT_THAT(lines(made.first.why), HasSubstr("a is left out: it is closed"));
  c.reports("b", {.open = false});
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"c"}));
  c.reports("c", {.open = false});
  made = c.plan(*rules);
  EXPECT_EQ(made.first.step, 2);
  EXPECT_TRUE(made.first.groups.empty());
}

TEST(choosing_a_step, leaves_groups_out_that_do_not_serve_the_customer) {
  const auto rules = rules_of(
      "groups:\n"
      "  - {id: a, serves: member.level >= 3}\n"
      "  - {id: b, serves: 'request.attributes.tier == \"gold\"'}\n"
      "  - {id: c}\n"
      "rules: [{name: rest, steps: [{group: a}, {group: b}, {group: c}]}]\n");
  customer c;
  const auto made = c.plan(*rules);
  EXPECT_EQ(made.first.groups, groups({"c"}));
  EXPECT_THAT(lines(made.first.why), HasSubstr("a is left out: it serves member.level >= 3"));
  EXPECT_THAT(lines(made.first.why), HasSubstr("b is left out: whom it serves has no answer: 1:"));
  c.request.attributes.bytes = packed_text("tier", "gold");
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"b"}));
  c.member(3);
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"a"}));
}

const std::string widening = steps_of(
    "      - {groups: [a, b], wait: 5s}\n"
    "      - {group: c, widen: true, wait: 5s}\n"
    "      - {groups: [a, b, c], balance: fewest_waiting, widen: true}\n");

TEST(a_widened_step, keeps_exactly_the_queues_the_session_stands_in) {
  const auto rules = rules_of(widening);
  customer c;
  c.reports("a", {.waiting = 1, .online = 1});
  c.reports("b", {.waiting = 9, .online = 1});
  const auto made = c.plan(*rules);
  c.standing = groups({"b"});
  EXPECT_EQ(c.step(*rules, made.plan, 1).groups, groups({"c", "b"}));
  c.standing = groups({"c", "b"});
  EXPECT_EQ(c.step(*rules, made.plan, 2).groups, groups({"a", "c", "b"}));
}

TEST(a_widened_step, balances_the_steps_before_once_more_where_nobody_told) {
  const auto rules = rules_of(widening);
  customer c;
  c.reports("a", {.waiting = 1, .online = 1, .oldest = millis{1000}});
  c.reports("b", {.waiting = 9, .online = 1, .oldest = millis{9000}});
  c.reports("c", {.waiting = 0, .online = 1});
  const auto made = c.plan(*rules);
  EXPECT_EQ(made.first.groups, groups({"a"}));
  EXPECT_EQ(c.step(*rules, made.plan, 1).groups, groups({"c", "a"}));
  EXPECT_EQ(c.step(*rules, made.plan, 2).groups, groups({"c", "a"}));
}

TEST(a_widened_step, entered_first_has_nothing_to_keep) {
  const auto rules =
      rules_of(steps_of("      - {group: a, skip_if: 'true'}\n"
                        "      - {group: b, widen: true}\n"));
  customer c;
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"b"}));
  // Late findings: steps begin anew, and the queues of the old plan are left.
  c.standing = groups({"c"});
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"b"}));
}

TEST(a_plan_of_another_version, is_gone_on_with_by_what_it_holds_without_skip_if) {
  const auto old = rules_of(steps_of("      - {group: a}\n"
                                     "      - {groups: [b, c], skip_if: 'true'}\n"),
                            1);
  const auto fresh = rules_of(
      "groups: [{id: a}, {id: c}]\n"
      "rules: [{name: rest, steps: [{group: c}]}]\n",
      2);
  customer c;
  const auto made = c.plan(*old);
  EXPECT_TRUE(old->made(made.plan));
  EXPECT_FALSE(fresh->made(made.plan));
  EXPECT_EQ(c.step(*old, made.plan, 1).step, 2);
  const auto next = c.step(*fresh, made.plan, 1);
  EXPECT_EQ(next.step, 1);
  EXPECT_EQ(next.groups, groups({"c"}));
  EXPECT_THAT(lines(next.why), HasSubstr("b is left out: it is not configured any more"));
}

TEST(a_plan_of_another_version, is_not_taken_for_one_of_the_same_number_after_a_restart) {
  const auto before = rules_of(steps_of("      - {group: a}\n      - {group: b}\n"), 1);
  const auto after = rules_of(steps_of("      - {group: a}\n      - {group: b, skip_if: 'true'}\n"
                                       "      - {group: c}\n"),
                              1);
  customer c;
  const auto made = c.plan(*before);
  EXPECT_FALSE(after->made(made.plan));
  EXPECT_EQ(c.step(*after, made.plan, 1).groups, groups({"b"}));
}

}  // namespace
}  // namespace switchboard
