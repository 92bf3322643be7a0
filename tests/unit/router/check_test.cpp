#include <gtest/gtest.h>

#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;

const std::string rest = "  - {name: rest, steps: [{group: a}]}\n";

std::string errors_of_rule(const std::string& when) {
  return errors_of(
      deployment_with("  - {name: one, when: '" + when + "', steps: [{group: a}]}\n" + rest));
}

TEST(checking, names_line_column_and_the_name_perhaps_meant) {
  EXPECT_EQ(
      errors_of_rule("membr.level > 1"),
      "d.yaml:3: rules[0].when: column 1: unknown variable 'membr'; did you mean 'member'?\n");
  EXPECT_EQ(
      errors_of_rule("member.levl > 1"),
      "d.yaml:3: rules[0].when: column 8: member has no field 'levl'; did you mean 'level'?\n");
}

TEST(checking, refuses_a_condition_that_is_not_bool) {
  EXPECT_EQ(errors_of_rule("member.level"),
            "d.yaml:3: rules[0].when: expected a bool condition, found int\n");
}

TEST(checking, refuses_a_queue_of_an_unknown_group) {
  EXPECT_EQ(errors_of(deployment_with("  - {name: one, when: 'queue(\"vpi\").online > 0 && "
                                      "queue(\"a\").online > 0', steps: [{group: a}]}\n" +
                                      rest)),
            "d.yaml:3: rules[0].when: column 7: unknown group \"vpi\"\n");
}

TEST(checking, names_everything_that_is_wrong_by_line) {
  const std::string text =
      "groups:\n"
      "  - {id: a, serves: member.level}\n"
      "  - {id: b}\n"
      "rules:\n"
      "  - {name: one, when: tags, steps: [{group: a, skip_if: 'queue(\"a\")'}]}\n"
      "  - name: two\n"
      "    when: 1 +\n"
      "    steps:\n"
      "      - {group: b, skip_if: nobody}\n"
      "  - {name: rest, steps: [{group: a}]}\n";
  EXPECT_EQ(errors_of(text),
            "d.yaml:2: groups[0].serves: expected a bool condition, found int\n"
            "d.yaml:5: rules[0].when: expected a bool condition, found list(string)\n"
            "d.yaml:5: rules[0].steps[0].skip_if: expected a bool condition, found queue\n"
            "d.yaml:7: rules[1].when: column 4: expected an expression, found the end\n"
            "d.yaml:9: rules[1].steps[0].skip_if: column 1: unknown variable 'nobody'\n");
}

TEST(checking, finds_a_rule_behind_one_that_always_holds) {
  EXPECT_EQ(
      errors_of_rule("1 + 1 == 2"),
      "d.yaml:4: rules[1]: can never be reached: rule \"one\" on line 3 matches whatever this "
      "one would\n");
}

TEST(checking, finds_a_rule_with_an_equal_condition_however_it_is_written) {
  EXPECT_EQ(
      errors_of(deployment_with(
          "  - {name: one, when: 'member.level > 1 && \"x\" in tags', steps: [{group: a}]}\n"
          "  - {name: two, when: '(\"x\" in tags) && (member.level>1)', steps: [{group: a}]}\n" +
          rest)),
      "d.yaml:4: rules[1]: can never be reached: rule \"one\" on line 3 matches whatever this "
      "one would\n");
}

TEST(checking, finds_a_rule_that_asks_more_than_one_before_it) {
  EXPECT_EQ(
      errors_of(deployment_with(
          "  - {name: one, when: 'source == \"s\"', steps: [{group: a}]}\n"
          "  - {name: two, when: 'member.level > 1 && source == \"s\"', steps: [{group: a}]}\n" +
          rest)),
      "d.yaml:4: rules[1]: can never be reached: rule \"one\" on line 3 matches whatever this "
      "one would\n");
}

TEST(checking, lets_a_rule_that_asks_less_follow_one_that_asks_more) {
  EXPECT_EQ(
      errors_of(deployment_with(
          "  - {name: one, when: 'member.level > 1 && source == \"s\"', steps: [{group: a}]}\n"
          "  - {name: two, when: 'source == \"s\"', steps: [{group: a}]}\n"
          "  - {name: three, when: 'source == \"s\" || member.level > 1', steps: [{group: a}]}\n" +
          rest)),
      "");
}

TEST(checking, finds_a_step_that_no_configured_agent_can_meet) {
  const std::string text =
      "groups: [{id: a}, {id: b}, {id: empty}]\n"
      "agents:\n"
      "  - {id: lin, groups: [a], skills: {refund: 3, english: 1}}\n"
      "  - {id: hua, groups: [a], skills: {refund: 1, english: 5}}\n"
      "  - {id: dan, groups: [b], skills: {refund: 5}}\n"
      "rules:\n"
      "  - name: rest\n"
      "    steps:\n"
      "      - {group: a, require: {refund: 4}}\n"
      "      - {group: a, require: {refund: 3, english: 5}}\n"
      "      - {groups: [a, b], require: {refund: 5}}\n"
      "      - {group: empty}\n";
  EXPECT_EQ(
      errors_of(text),
      "d.yaml:9: rules[0].steps[0]: no configured agent can meet this step; a: no configured "
      "agent in it has refund 4\n"
      "d.yaml:10: rules[0].steps[1]: no configured agent can meet this step; a: no configured "
      "agent in it has english 5 and refund 3 at once\n"
      "d.yaml:12: rules[0].steps[3]: no configured agent can meet this step; empty: no "
      "configured agent is in it\n");
}

TEST(checking, never_balances_to_a_group_where_nobody_could_meet_the_step) {
  const auto rules = rules_of(
      "groups: [{id: a}, {id: b}]\n"
      "agents: [{id: lin, groups: [a]}, {id: dan, groups: [b], skills: {refund: 5}}]\n"
      "rules: [{name: rest, steps: [{groups: [a, b], require: {refund: 5}}]}]\n");
  customer c;
  c.reports("a", {.online = 1, .available = 1});
  EXPECT_EQ(c.plan(*rules).first.groups, groups({"b"}));
}

TEST(checking, judges_no_step_while_no_agent_is_configured) {
  EXPECT_EQ(
      errors_of(deployment_with("  - {name: rest, steps: [{group: a, require: {refund: 5}}]}\n")),
      "");
}

TEST(checking, refuses_what_a_loader_would_have_refused_too) {
  config::dispatch_config all;
  all.groups.push_back({.id = group_id("a"), .calendar = "none"});
  all.calendars.push_back({.id = "moon", .timezone = "Moon/Base"});
  config::step_config step;
  step.groups = {group_id("nowhere")};
  all.rules.push_back({.name = "r", .when = "member.level > 1", .steps = {step}});
  const auto made = compile_routing(all, 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(config::to_string(made.error()),
            "calendars.moon.timezone: unknown time zone \"Moon/Base\"\n"
            "groups[0].calendar: unknown calendar \"none\"\n"
            "rules[0].steps[0]: unknown group \"nowhere\"\n");
}

TEST(checking, wants_a_last_rule_for_everybody) {
  config::dispatch_config all;
  all.groups.push_back({.id = group_id("a")});
  config::step_config step;
  step.groups = {group_id("a")};
  all.rules.push_back({.name = "r", .when = "member.level > 1", .steps = {step}});
  const auto made = compile_routing(all, 1);
  ASSERT_FALSE(made);
  EXPECT_EQ(config::to_string(made.error()),
            "rules[0]: the last rule must match everything: leave out \"when\"\n");
}

}  // namespace
}  // namespace switchboard
