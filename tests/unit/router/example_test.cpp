#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using testing::HasSubstr;

// The example of the rules' manual, with the groups and agents that it leaves out.
const std::string example = R"yaml(
calendars:
  office: {timezone: Asia/Shanghai, weekly: {mon-fri: "09:00-18:00"}, holidays: ["2026-10-01"]}
groups:
  - id: vip
    strategy: longest_idle
    order: aged
    service_level: {target: 0.8, within: 20s}
    offer: {accept: manual, timeout: 20s, missed_limit: 2}
    wrap_up: {mode: timed, time: 30s, holds_capacity: true}
    queue: {max: 500, on_full: overflow, fill_after: 60s}
    calendar: office
    serves: member.level >= 3 || "vip" in tags
    ramp: {per_agent_per_minute: 6}
  - {id: general}
  - {id: after_sales}
  - {id: after_sales_hz}
  - {id: after_sales_cd}
agents:
  - {id: lin, name: Lin, groups: [vip, after_sales], skills: {refund: 5, english: 3}, capacity: 6}
  - {id: hua, groups: [after_sales_hz, general], skills: {refund: 2}}
  - {id: dan, groups: [after_sales_cd], skills: {refund: 3}}
rules:
  - name: gold member with a dispute
    when: member.level >= 3 && "dispute" in tags && request.intent == "after_sales"
    priority: 10
    sticky: {last_agent: 30s}
    steps:
      - {group: vip, require: {refund: 4}, wait: 20s, skip_if: queue("vip").online == 0}
      - {groups: [after_sales_hz, after_sales_cd], balance: shortest_wait, require: {refund: 2}, wait: 60s, widen: true}
      - {leave_message: true}
  - name: everyone else
    steps: [{group: general}]
)yaml";

class the_example : public testing::Test {
 protected:
  the_example() : rules(rules_of(example, 7)) {
    gold.member(4);
    gold.found.tags = {"dispute"};
    gold.found.trail.emplace().last_agent = agent_id("lin");
    gold.request.intent = "after_sales";
    gold.request.skills = {{"english", 2}, {"refund", 1}};
    gold.weight = 6;
    gold.reports("vip", {.online = 1});
    gold.reports("after_sales_hz", {.waiting = 3, .online = 2, .eta = time_estimate{90'000, 1}});
    gold.reports("after_sales_cd", {.waiting = 9, .online = 2, .eta = time_estimate{30'000, 1}});
  }

  std::shared_ptr<const routing_rules> rules;
  customer gold;
};

TEST_F(the_example, plans_for_a_gold_member_with_a_dispute) {
  const auto made = gold.plan(*rules);
  EXPECT_EQ(made.plan.rules_version, 7);
  EXPECT_EQ(made.plan.rule, "gold member with a dispute");
  EXPECT_EQ(made.plan.rule_index, 0);
  EXPECT_EQ(made.plan.priority, 10);
  EXPECT_EQ(made.plan.sticky, agent_id("lin"));
  EXPECT_EQ(made.plan.sticky_for, millis(30'000));
  ASSERT_EQ(made.plan.steps.size(), 3u);
  EXPECT_EQ(made.plan.steps[0].wait, millis(20'000));
  EXPECT_TRUE(made.plan.steps[1].widen);
  EXPECT_TRUE(made.plan.steps[2].leave_message);
  EXPECT_EQ(made.first.step, 0);
  EXPECT_EQ(made.first.groups, groups({"vip"}));
}

TEST_F(the_example, asks_the_higher_of_what_step_and_request_require_sorted_by_skill) {
  const auto made = gold.plan(*rules);
  const std::vector<skill_level> first{{"english", 2}, {"refund", 4}};
  const std::vector<skill_level> second{{"english", 2}, {"refund", 2}};
  EXPECT_EQ(made.plan.steps[0].need, (requirement{first, 6}));
  EXPECT_EQ(made.plan.steps[1].need, (requirement{second, 6}));
}

TEST_F(the_example, widens_to_the_group_with_the_shorter_wait_and_keeps_the_first) {
  const auto made = gold.plan(*rules);
  const auto next = gold.step(*rules, made.plan, 1);
  EXPECT_EQ(next.step, 1);
  EXPECT_EQ(next.groups, groups({"after_sales_cd", "vip"}));
  EXPECT_THAT(lines(next.why),
              HasSubstr("after_sales_cd by shortest_wait: 30s, after_sales_hz 90s"));
}

TEST_F(the_example, skips_the_first_step_while_nobody_of_vip_is_online) {
  gold.reports("vip", {.online = 0});
  const auto made = gold.plan(*rules);
  EXPECT_EQ(made.first.step, 1);
  EXPECT_EQ(made.first.groups, groups({"after_sales_cd"}));
  EXPECT_THAT(lines(made.first.why), HasSubstr("step 1 (vip) is skipped: queue(\"vip\").online"));
}

TEST_F(the_example, ends_with_a_message_left) {
  const auto made = gold.plan(*rules);
  const auto last = gold.step(*rules, made.plan, 2);
  EXPECT_EQ(last.step, 2);
  EXPECT_TRUE(last.groups.empty());
}

TEST_F(the_example, sends_everyone_else_to_general) {
  customer stranger;
  const auto made = stranger.plan(*rules);
  EXPECT_EQ(made.plan.rule, "everyone else");
  EXPECT_EQ(made.plan.rule_index, 1);
  EXPECT_EQ(made.plan.priority, 0);
  EXPECT_TRUE(made.plan.sticky.empty());
  EXPECT_EQ(made.first.groups, groups({"general"}));
}

TEST_F(the_example, closes_vip_by_its_calendar_until_the_group_itself_reports) {
  gold.board = {};
  gold.now = from_unix_ms(1'790'827'200'000);  // the holiday
  const auto made = gold.plan(*rules);
  // No report is nobody online, so skip_if comes first here; a transfer shows the calendar.
  EXPECT_EQ(made.first.step, 1);
  const auto handed = rules->transfer({.to_group = "vip"}, gold.input(), gold.board, gold.now);
  ASSERT_FALSE(handed);
  EXPECT_EQ(handed.error().message, "to.group: the group vip is closed now");
  gold.reports("vip", {.online = 1, .open = true});
  EXPECT_TRUE(rules->transfer({.to_group = "vip"}, gold.input(), gold.board, gold.now));
}

}  // namespace
}  // namespace switchboard
