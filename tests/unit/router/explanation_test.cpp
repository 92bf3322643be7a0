#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/router/plan_reasons.hpp"
#include "runtime/base/text.hpp"
#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(an_explanation, names_the_rules_passed_over_the_match_and_the_values_that_decided) {
  const auto rules = rules_of(deployment_with(
      R"(  - {name: gold, when: member.level >= 3 && source == "app", steps: [{group: a}]}
  - {name: dispute, when: member.level >= 2 && "dispute" in tags && queue("a").waiting < 5, steps: [{group: b}]}
  - {name: rest, steps: [{group: c}]}
)"));
  customer c;
  c.member(2);
  c.found.tags = {"dispute"};
  EXPECT_EQ(lines(c.plan(*rules).plan.why),
            "rule \"gold\" does not match: not member.level >= 3\n"
            "rule \"dispute\" matches: member.level >= 2 && \"dispute\" in tags && "
            "queue(\"a\").waiting < 5\n"
            "member.level = 2, tags = [\"dispute\"], queue(\"a\").waiting = 0\n");
  EXPECT_EQ(lines(customer().plan(*rules).plan.why),
            "rule \"gold\" does not match: not member.level >= 3\n"
            "rule \"dispute\" does not match: not member.level >= 2\n"
            "rule \"rest\" matches everybody\n");
}

TEST(an_explanation, puts_brackets_where_a_joined_condition_is_negated) {
  const auto rules = rules_of(deployment_with(
      R"(  - {name: part, when: '(member.level >= 3 || source == "web") && "x" in tags', steps: [{group: a}]}
  - {name: either, when: member.level >= 3 || source == "web", steps: [{group: a}]}
  - {name: asked, when: 'member.level > 5 ? true : false', steps: [{group: b}]}
  - {name: rest, steps: [{group: c}]}
)"));
  EXPECT_EQ(lines(customer().plan(*rules).plan.why),
            "rule \"part\" does not match: not (member.level >= 3 || source == \"web\")\n"
            "rule \"either\" does not match: not (member.level >= 3 || source == \"web\")\n"
            "rule \"asked\" does not match: not (member.level > 5 ? true : false)\n"
            "rule \"rest\" matches everybody\n");
}

TEST(an_explanation, names_a_condition_that_erred_with_its_error) {
  const auto rules = rules_of(deployment_with(
      R"(  - {name: tier, when: request.attributes.tier == "gold", steps: [{group: a}]}
  - {name: rest, steps: [{group: c}]}
)"));
  const auto made = customer().plan(*rules);
  EXPECT_EQ(made.plan.rule, "rest");
  EXPECT_THAT(made.plan.why[0], HasSubstr("rule \"tier\" has no answer: 1:"));
  EXPECT_THAT(made.plan.why[0], HasSubstr("tier"));
}

TEST(an_explanation, names_an_error_far_before_the_match) {
  std::string all = "  - {name: far, when: '1 / member.level > 0', steps: [{group: a}]}\n";
  for (int i = 0; i < 20; ++i) {
    all += "  - {name: r" + std::to_string(i) + ", when: member.level == " + std::to_string(i + 1) +
           ", steps: [{group: a}]}\n";
  }
  const auto rules = rules_of(deployment_with(all + "  - {name: rest, steps: [{group: c}]}\n"));
  const auto why = customer().plan(*rules).plan.why;
  EXPECT_THAT(why[0], HasSubstr("rule \"far\" has no answer: 1:3: division by zero"));
  EXPECT_EQ(why[1], "rules 1 to 18 do not match");
  EXPECT_THAT(why[2], HasSubstr("rule \"r17\" does not match"));
}

TEST(an_explanation, stays_bounded_whatever_the_rules_are) {
  std::string all;
  const std::string wide(300, 'x');
  for (int i = 0; i < 100; ++i) {
    all += "  - {name: r" + std::to_string(i) + ", when: '1 / member.level > " + std::to_string(i) +
           " || source == \"" + wide + "\"', steps: [{group: a}]}\n";
  }
  const auto rules = rules_of(deployment_with(all + "  - {name: rest, steps: [{group: c}]}\n"));
  const auto why = customer().plan(*rules).plan.why;
  EXPECT_LE(why.size(), plan_reasons::most);
  for (const auto& w : why) EXPECT_LE(w.size(), plan_reasons::most_bytes);
  EXPECT_THAT(lines(why), HasSubstr("and 94 more conditions have no answer"));
  EXPECT_EQ(why.back(), "rule \"rest\" matches everybody");
}

TEST(an_explanation, keeps_the_customers_words_and_name_to_itself) {
  const auto rules = rules_of(deployment_with(
      R"(  - {name: words, when: request.text != "" && member.name != "" && source == "s", steps: [{group: a}]}
  - {name: rest, steps: [{group: c}]}
)"));
  customer c;
  c.member(1);
  c.found.member->name = "Zhao";
  c.found.source = "s";
  c.request.message.emplace().body.bytes = packed_text("text", "my card is 4111");
  const auto made = c.plan(*rules);
  EXPECT_EQ(made.plan.rule, "words");
  EXPECT_THAT(lines(made.plan.why), Not(HasSubstr("4111")));
  EXPECT_THAT(lines(made.plan.why), Not(HasSubstr("Zhao")));
  EXPECT_THAT(lines(made.plan.why), HasSubstr("source = \"s\""));
}

TEST(an_explanation, says_that_the_last_agent_is_gone_or_preferred) {
  const auto rules = rules_of(
      "groups: [{id: a}]\n"
      "agents: [{id: lin, groups: [a]}]\n"
      "rules: [{name: rest, sticky: {last_agent: 30s}, steps: [{group: a}]}]\n");
  customer c;
  c.found.trail.emplace().last_agent = agent_id("old");
  auto made = c.plan(*rules);
  EXPECT_TRUE(made.plan.sticky.empty());
  EXPECT_THAT(lines(made.plan.why), HasSubstr("the last agent, old, is not there any more"));
  c.found.trail->last_agent = agent_id("lin");
  made = c.plan(*rules);
  EXPECT_EQ(made.plan.sticky, agent_id("lin"));
  EXPECT_THAT(lines(made.plan.why), HasSubstr("first for lin, who served last, for 30.0s"));
}

TEST(clipping, never_cuts_a_character_in_two) {
  const std::string text = "木棉木棉木棉";
  for (std::size_t most = 3; most < text.size() + 2; ++most) {
    const auto cut = clipped(text, most);
    EXPECT_LE(cut.size(), most);
    EXPECT_TRUE(valid_utf8(cut)) << most;
  }
  EXPECT_EQ(clipped(text, text.size()), text);
}

}  // namespace
}  // namespace switchboard
