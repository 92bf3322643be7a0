#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

TEST(dispatch_references, an_agent_names_only_groups_that_are_declared) {
  EXPECT_EQ(errors_of("groups: [{id: presale}]\nagents: [{id: a, groups: [presle]}]\n"
                      "rules: [{name: all, steps: [{group: presale}]}]\n"),
            "d.yaml:2: agents[0].groups[0]: unknown group \"presle\"; did you mean \"presale\"?\n");
}

TEST(dispatch_references, too_many_groups_are_one_error_and_not_one_for_each_name_in_them) {
  std::string text = "groups:\n";
  for (int i = 0; i < 1001; ++i) text += "  - {id: g" + std::to_string(i) + "}\n";
  text += "agents:\n";
  for (int i = 0; i < 500; ++i)
    text += "  - {id: a" + std::to_string(i) + ", groups: [g1, g" + std::to_string(i) + "]}\n";
  text += "rules: [{name: all, steps: [{group: g1}]}]\n";
  EXPECT_EQ(errors_of(text), "d.yaml:1: groups: more than 1000 elements\n");
}

TEST(dispatch_references, sections_may_stand_in_any_order) {
  EXPECT_EQ(errors_of("agents: [{id: a, groups: [g]}]\n" + least_rules +
                      "groups: [{id: g, calendar: c}]\n"
                      "calendars: {c: {timezone: UTC, weekly: {mon: \"09:00-18:00\"}}}\n"),
            "");
}

TEST(dispatch_references, a_group_names_only_a_calendar_that_is_declared) {
  EXPECT_EQ(errors_of_group("calendar: office"),
            "d.yaml:1: groups[0].calendar: unknown calendar \"office\"; none is declared\n");
}

TEST(dispatch_references, where_nothing_is_near_the_names_there_are_get_listed) {
  EXPECT_EQ(errors_of_group("strategy: fastest"),
            "d.yaml:1: groups[0].strategy: unknown strategy \"fastest\"; there are longest_idle, "
            "least_loaded, round_robin, fewest_today, best_skill, top_down, random\n");
}

TEST(dispatch_references, an_id_is_declared_once) {
  EXPECT_EQ(errors_of(least_file + "agents:\n  - {id: a}\n  - {id: a}\n"),
            "d.yaml:5: agents[1].id: \"a\" is declared already on line 4\n");
  EXPECT_EQ(errors_of_rules("  - {name: a, when: x, steps: [{group: g}]}\n"
                            "  - {name: a, steps: [{group: g}]}\n"),
            "d.yaml:4: rules[1]: the name \"a\" is taken by the rule on line 3\n");
}

TEST(dispatch_references, a_group_is_named_once_in_a_step_and_in_an_agent) {
  EXPECT_EQ(errors_of_rules("  - {name: a, steps: [{groups: [g, g]}]}\n"),
            "d.yaml:3: rules[0].steps[0].groups[1]: \"g\" is named twice\n");
  EXPECT_EQ(errors_of(least_file + "agents: [{id: a, groups: [g, g]}]\n"),
            "d.yaml:3: agents[0].groups[1]: \"g\" is named twice\n");
}

TEST(dispatch_references, an_id_holds_letters_digits_and_little_else) {
  // A colon would make person ids ambiguous, a space would break logs.
  for (auto id : {"\"a b\"", "\"a:b\"", "\"\"", "客服"}) {
    EXPECT_NE(errors_of("groups: [{id: g}, {id: " + std::string(id) + "}]\n" + least_rules), "")
        << id;
  }
  EXPECT_NE(errors_of("groups: [{id: g}, {id: " + std::string(65, 'x') + "}]\n" + least_rules), "");
}

TEST(dispatch_references, what_must_be_there_is_asked_for) {
  EXPECT_EQ(errors_of("groups: [{name: x}]\nrules: [{steps: [{leave_message: true}]}]\n"),
            "d.yaml:1: groups[0]: \"id\" is missing\nd.yaml:2: rules[0]: \"name\" is missing\n");
  EXPECT_EQ(errors_of(""), "d.yaml:1: \"groups\" is missing\nd.yaml:1: \"rules\" is missing\n");
}

}  // namespace
}  // namespace switchboard::config
