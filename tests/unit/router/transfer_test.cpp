#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using testing::HasSubstr;

const std::string deployment_of_two = R"yaml(
groups:
  - {id: vip, serves: member.level >= 3}
  - {id: general}
  - {id: night}
agents:
  - {id: lin, groups: [vip, general]}
  - {id: hua, groups: [night, general]}
  - {id: boss, role: supervisor}
rules:
  - {name: members, when: member.level > 0, priority: 4, sticky: {last_agent: 20s}, steps: [{group: general}]}
  - {name: rest, steps: [{group: night}, {leave_message: true}]}
)yaml";

class transferring : public testing::Test {
 protected:
  tl::expected<route, transfer_refusal> ask(const transfer_wish& wish) const {
    return rules->transfer(wish, c.input(), c.board, c.now);
  }
  std::shared_ptr<const routing_rules> rules = rules_of(deployment_of_two, 3);
  customer c;
};

TEST_F(transferring, to_a_group_waits_there_with_the_priority_and_needs_it_had) {
  c.request.skills = {{"english", 2}};
  c.weight = 6;
  const auto made = ask({.to_group = "general", .from_group = group_id("vip"), .priority = 7});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->plan.rule_index, -1);
  EXPECT_EQ(made->plan.rules_version, 3);
  EXPECT_EQ(made->plan.priority, 7);
  EXPECT_TRUE(made->plan.sticky.empty());
  ASSERT_EQ(made->plan.steps.size(), 1u);
  EXPECT_EQ(made->plan.steps[0].need, (requirement{{{"english", 2}}, 6}));
  EXPECT_EQ(made->plan.steps[0].wait, millis(0));
  EXPECT_EQ(made->first.step, 0);
  EXPECT_EQ(made->first.groups, groups({"general"}));
  EXPECT_EQ(lines(made->plan.why), "transferred to the group general\n");
}

TEST_F(transferring, to_a_group_that_serves_others_is_a_persons_decision_and_said) {
  const auto made = ask({.to_group = "vip"});
  ASSERT_TRUE(made);
  EXPECT_EQ(lines(made->plan.why),
            "transferred to the group vip\nby hand, though it serves member.level >= 3\n");
  // It holds when the step is chosen again, after a restart say.
  EXPECT_EQ(c.step(*rules, made->plan, 0).groups, groups({"vip"}));
}

TEST_F(transferring, to_an_unknown_group_names_the_one_perhaps_meant) {
  const auto made = ask({.to_group = "generl"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().field, "to.group");
  EXPECT_EQ(made.error().message, "to.group: there is no such group; did you mean \"general\"?");
}

TEST_F(transferring, to_a_closed_group_is_refused) {
  c.reports("general", {.online = 4, .open = false});
  const auto made = ask({.to_group = "general"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "to.group: the group general is closed now");
}

TEST_F(transferring, to_an_agent_waits_in_the_common_group_for_that_agent_first) {
  c.request.skills = {{"english", 2}};
  const auto made = ask({.to_agent = "lin", .from_group = group_id("general")});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->plan.sticky, agent_id("lin"));
  EXPECT_EQ(made->plan.sticky_for, millis(60'000));
  EXPECT_EQ(made->first.groups, groups({"general"}));
  EXPECT_TRUE(made->plan.steps[0].need.skills.empty());
}

TEST_F(transferring, to_an_agent_of_another_group_waits_in_the_agents_first_open_one) {
  EXPECT_EQ(ask({.to_agent = "hua", .from_group = group_id("vip")})->first.groups,
            groups({"night"}));
  c.reports("night", {.open = false});
  EXPECT_EQ(ask({.to_agent = "hua", .from_group = group_id("vip")})->first.groups,
            groups({"general"}));
  c.reports("general", {.open = false});
  EXPECT_EQ(ask({.to_agent = "hua"}).error().message, "to.agent: all groups of hua are closed now");
}

TEST_F(transferring, to_an_unknown_agent_or_one_in_no_group_is_refused) {
  EXPECT_EQ(ask({.to_agent = "lim"}).error().message,
            "to.agent: there is no such agent; did you mean \"lin\"?");
  EXPECT_EQ(ask({.to_agent = "boss"}).error().message, "to.agent: boss is in no group");
  EXPECT_EQ(ask({.to_agent = "boss"}).error().field, "to.agent");
}

TEST_F(transferring, by_the_rules_plans_again_keeps_the_priority_and_goes_not_back) {
  c.member(1);
  c.found.trail.emplace().last_agent = agent_id("lin");
  EXPECT_EQ(c.plan(*rules).plan.sticky, agent_id("lin"));
  const auto low = ask({.by_rules = true, .priority = 2});
  EXPECT_EQ(low->plan.rule, "members");
  EXPECT_EQ(low->plan.rule_index, 0);
  EXPECT_EQ(low->plan.priority, 4);
  EXPECT_TRUE(low->plan.sticky.empty());
  EXPECT_EQ(ask({.by_rules = true, .priority = 9})->plan.priority, 9);
}

TEST_F(transferring, by_rules_that_lead_nowhere_is_refused_rather_than_the_session_closed) {
  c.reports("night", {.open = false});
  const auto made = ask({.by_rules = true});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "to: the rules lead to no open group now");
}

TEST_F(transferring, wants_one_goal) {
  EXPECT_EQ(ask({}).error().message, "to: expected one of group, agent and route");
  EXPECT_EQ(ask({.to_group = "vip", .by_rules = true}).error().field, "to");
}

}  // namespace
}  // namespace switchboard
