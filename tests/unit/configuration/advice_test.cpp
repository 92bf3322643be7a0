#include <gtest/gtest.h>

#include "actors/configuration/condition_implication.hpp"
#include "actors/configuration/configuration_advice.hpp"
#include "tests/unit/configuration/version_fixture.hpp"

namespace switchboard {
namespace {

using namespace configuration_testing;

/// Checked as a whole first: advice is given on what is valid only.
std::string advice(const std::string& yaml) {
  return config::to_string(advice_on(*loaded(yaml).dispatch));
}

bool meets(const std::string& mine, const std::string& other) {
  return implies(form_of(mine).at(0), form_of(other));
}

TEST(advice, says_nothing_where_all_is_meant) {
  EXPECT_EQ(
      advice(deployment_with(
          "  - {name: x, when: member.level >= 3, steps: [{group: a, wait: 20s}, {group: b}]}\n"
          "  - {name: rest, steps: [{group: a}]}\n")),
      "");
}

TEST(advice, names_a_rule_whose_customers_an_earlier_wider_one_takes) {
  EXPECT_EQ(
      advice(deployment_with(
          "  - {name: good, when: member.level >= 3, steps: [{group: a}]}\n"
          "  - {name: better, when: member.level >= 5 && source == 'app', steps: [{group: b}]}\n"
          "  - {name: rest, steps: [{group: a}]}\n")),
      "d.yaml:4: rules[1]: is shadowed: whoever it matches, \"good\" has matched before\n");
}

TEST(advice, names_a_rule_whose_alternatives_are_taken_by_several) {
  EXPECT_EQ(
      advice(deployment_with("  - {name: one, when: request.intent == 'x', steps: [{group: a}]}\n"
                             "  - {name: two, when: member.level > 2, steps: [{group: a}]}\n"
                             "  - {name: both, when: request.intent == 'x' || member.level == 7, "
                             "steps: [{group: b}]}\n"
                             "  - {name: rest, steps: [{group: a}]}\n")),
      "d.yaml:5: rules[2]: is shadowed: whoever it matches, \"one\" and \"two\" has matched "
      "before\n");
}

TEST(advice, leaves_a_rule_alone_that_is_only_partly_covered) {
  EXPECT_EQ(advice(deployment_with(
                "  - {name: one, when: \"request.intent in ['x', 'y']\", steps: [{group: a}]}\n"
                "  - {name: two, when: \"request.intent in ['x', 'z']\", steps: [{group: b}]}\n"
                "  - {name: rest, steps: [{group: a}]}\n")),
            "");
}

TEST(advice, names_a_group_of_a_step_that_nobody_can_serve_it_in) {
  EXPECT_EQ(advice("groups: [{id: a}, {id: b}]\n"
                   "agents: [{id: lin, groups: [a], skills: {refund: 4}}, {id: wu, groups: [b], "
                   "skills: {refund: 2}}]\n"
                   "rules:\n"
                   "  - {name: all, steps: [{groups: [a, b], require: {refund: 4}}]}\n"),
            "d.yaml:4: rules[0].steps[0]: b is never chosen in this step: no configured agent in "
            "it has refund 4\n");
}

TEST(advice, names_steps_that_lead_back_to_a_queue_left_before) {
  EXPECT_EQ(
      advice(deployment_with(
          "  - {name: all, steps: [{group: a, wait: 9s}, {group: b, wait: 9s}, {group: a}]}\n")),
      "d.yaml:3: rules[0].steps[2]: leads back to a, which step 1 left, and asks for no less than "
      "there\n");
}

TEST(advice, names_groups_that_overflow_into_each_other) {
  EXPECT_EQ(advice(deployment_with(
                "  - {name: one, when: source == 'x', steps: [{group: a, wait: 9s}, {group: b}]}\n"
                "  - {name: two, steps: [{group: b, wait: 9s}, {group: a}]}\n")),
            "d.yaml:4: rules[1]: a and b overflow into each other: rule \"one\" one way, rule "
            "\"two\" the other\n");
}

TEST(advice, names_who_may_starve_under_strict) {
  const std::string rules =
      "rules:\n"
      "  - {name: high, when: source == 'x', priority: 5, steps: [{group: a}]}\n"
      "  - {name: low, when: source == 'y', steps: [{group: a}]}\n"
      "  - {name: rest, steps: [{group: a, wait: 60s}, {leave_message: true}]}\n";
  EXPECT_EQ(advice("groups: [{id: a, order: strict}]\n" + rules),
            "d.yaml:4: rules[1].steps[0]: a is strict, and priority 0 waits there for ever: while "
            "rule \"high\" (priority 5) "
            "keeps coming, it may starve; give the step a wait, or the group the order aged\n");
  EXPECT_EQ(advice("groups: [{id: a, order: aged}]\n" + rules), "");
}

TEST(implication, of_bounds) {
  EXPECT_TRUE(meets("x >= 4", "x >= 3"));
  EXPECT_TRUE(meets("x > 3", "x >= 3"));
  EXPECT_FALSE(meets("x >= 3", "x > 3"));
  EXPECT_FALSE(meets("x >= 3", "x >= 4"));
  EXPECT_TRUE(meets("x == 5", "x > 3"));
  EXPECT_TRUE(meets("x < 3", "x <= 3"));
  EXPECT_TRUE(meets("x < 3", "x != 3"));
  EXPECT_FALSE(meets("x <= 3", "x != 3"));
  EXPECT_FALSE(meets("y >= 4", "x >= 3"));
  EXPECT_FALSE(meets("x == 'b'", "x >= 3"));
}

TEST(implication, of_lists_and_texts) {
  EXPECT_TRUE(meets("x in ['a', 'b']", "x in ['b', 'c', 'a']"));
  EXPECT_TRUE(meets("x == 'a'", "x in ['a']"));
  EXPECT_TRUE(meets("x in ['a']", "x == 'a'"));
  EXPECT_FALSE(meets("x in ['a', 'd']", "x in ['a']"));
  EXPECT_TRUE(meets("x in [5, 6]", "x >= 5"));
  EXPECT_TRUE(meets("'vip' in tags && y == 1", "'vip'  in tags"));
  EXPECT_FALSE(meets("'vip' in tags", "'vip' in tags && y == 1"));
  EXPECT_FALSE(meets("f('a b')", "f('ab')"));
}

}  // namespace
}  // namespace switchboard
