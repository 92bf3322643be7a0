#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/configuration/configuration_change.hpp"
#include "tests/unit/configuration/loading.hpp"

namespace switchboard {
namespace {

using namespace configuration_testing;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string calendars = "calendars: {office: {timezone: UTC, weekly: {mon-fri: \"09:00-18:00\"}}}\n";
const std::string groups = "groups: [{id: a, calendar: office}, {id: b}]\n";
const std::string agents = "agents: [{id: lin, groups: [a]}, {id: wu, groups: [b]}]\n";
const std::string rules =
    "rules: [{name: one, when: source == 'x', steps: [{group: a}]}, {name: rest, steps: [{group: "
    "b}]}]\n";

std::vector<std::string> lines(const std::string& before, const std::string& after) {
  return lines_of(change_between(parsed(before), parsed(after)));
}

TEST(change, is_none_where_only_blanks_comments_and_places_differ) {
  EXPECT_TRUE(change_between(parsed(calendars + groups + rules), parsed("# new\n\n" + rules + groups + calendars)).empty());
}

TEST(change, names_what_was_added_changed_and_removed) {
  EXPECT_THAT(lines("groups: [{id: a}, {id: b}]\n" + agents + rules,
                    "groups: [{id: a, calendar: office}, {id: c}]\n"
                    "calendars: {office: {timezone: UTC, weekly: {mon-fri: \"09:00-18:00\"}}}\n"
                    "agents: [{id: lin, groups: [a], capacity: 9}]\n"
                    "rules: [{name: two, when: source == 'x', steps: [{group: a}]}, {name: rest, "
                    "steps: [{group: c}]}]\n"),
              ElementsAre("calendar office: added", "group c: added", "group a: changed",
                          "group b: removed", "agent lin: changed", "agent wu: removed",
                          "rule two: added", "rule rest: changed", "rule one: removed"));
}

TEST(change, of_a_calendar_is_one_of_the_groups_that_keep_to_it) {
  auto c = change_between(
      parsed(calendars + groups + rules),
      parsed("calendars: {office: {timezone: UTC, weekly: {mon-fri: \"10:00-18:00\"}}}\n" + groups + rules));
  EXPECT_THAT(c.groups.changed, ElementsAre("a"));
  EXPECT_THAT(c.calendars.changed, ElementsAre("office"));
}

TEST(change, of_who_is_in_a_group_is_one_of_that_group_alone) {
  const auto before = calendars + groups + agents + rules;
  auto c = change_between(
      parsed(before),
      parsed(calendars + groups + "agents: [{id: lin, groups: [a, b]}, {id: wu, groups: [b]}]\n" +
             rules));
  EXPECT_THAT(c.groups.changed, ElementsAre("b"));
  EXPECT_THAT(c.agents.changed, ElementsAre("lin"));
  // An agent's own limit is no business of its groups: the agent tells them of its room.
  c = change_between(
      parsed(before),
      parsed(calendars + groups +
             "agents: [{id: lin, groups: [a], capacity: 9}, {id: wu, groups: [b]}]\n" + rules));
  EXPECT_THAT(c.groups.changed, IsEmpty());
}

TEST(change, tells_of_another_order_of_the_same_rules) {
  const std::string one = "{name: one, when: source == 'x', steps: [{group: a}]}",
                    two = "{name: two, when: source == 'y', steps: [{group: a}]}";
  const std::string rest = "{name: rest, steps: [{group: b}]}";
  EXPECT_THAT(
      lines("groups: [{id: a}, {id: b}]\nrules: [" + one + ", " + two + ", " + rest + "]\n",
            "groups: [{id: a}, {id: b}]\nrules: [" + two + ", " + one + ", " + rest + "]\n"),
      ElementsAre("rules: another order"));
}

}  // namespace
}  // namespace switchboard
