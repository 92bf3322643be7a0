#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/configuration/configuration_change.hpp"
#include "tests/unit/configuration/version_fixture.hpp"

namespace switchboard {
namespace {

using namespace configuration_testing;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string calendars =
    "calendars: {office: {timezone: UTC, weekly: {mon-fri: \"09:00-18:00\"}}}\n";
const std::string groups = "groups: [{id: a, calendar: office}, {id: b}]\n";
const std::string agents = "agents: [{id: lin, groups: [a]}, {id: wu, groups: [b]}]\n";
const std::string rules =
    "rules: [{name: one, when: source == 'x', steps: [{group: a}]}, {name: rest, steps: [{group: "
    "b}]}]\n";

std::vector<std::string> lines(const std::string& before, const std::string& after) {
  return lines_of(change_between(parsed(before), parsed(after)), read_only(before),
                  read_only(after));
}

TEST(change, is_none_where_only_blanks_comments_and_places_differ) {
  EXPECT_TRUE(change_between(parsed(calendars + groups + rules),
                             parsed("# new\n\n" + rules + groups + calendars))
                  .empty());
}

TEST(change, names_what_was_added_changed_and_removed) {
  EXPECT_THAT(
      lines("groups: [{id: a}, {id: b}]\n" + agents + rules,
            "groups: [{id: a, calendar: office}, {id: c}]\n"
            "calendars: {office: {timezone: UTC, weekly: {mon-fri: \"09:00-18:00\"}}}\n"
            "agents: [{id: lin, groups: [a], capacity: 9}]\n"
            "rules: [{name: two, when: source == 'x', steps: [{group: a}]}, {name: rest, "
            "steps: [{group: c}]}]\n"),
      ElementsAre("calendar office: added", "group c: added",
                  "group a: calendar not written → office", "group b: removed",
                  "agent lin: capacity not written → 9", "agent wu: removed", "rule two: added",
                  "rule rest: steps[0].group b → c", "rule one: removed"));
}

TEST(change, of_a_calendar_is_one_of_the_groups_that_keep_to_it) {
  auto c = change_between(
      parsed(calendars + groups + rules),
      parsed("calendars: {office: {timezone: UTC, weekly: {mon-fri: \"10:00-18:00\"}}}\n" + groups +
             rules));
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

/// "changes nothing" was said of everything but what is routed by.
TEST(change, names_every_section_of_the_file) {
  const std::string base =
      groups + rules + calendars +
      "agents: [{id: lin, groups: [a]}, {id: boss, groups: [a], role: leader}]\n";
  auto told = [&](const std::string& before, const std::string& after) {
    return lines(base + before, base + after);
  };
  EXPECT_THAT(told("", "teams: [{id: north, leaders: [boss]}]\n"),
              ElementsAre("team north: added"));
  EXPECT_THAT(told("", "input: {customer: {text_length: 10}}\n"),
              ElementsAre("input: customer.text_length not written → 10"));
  EXPECT_THAT(told("forms: [{id: return, fields: [{name: why}]}]\n",
                   "forms: [{id: return, fields: [{name: why, required: true}]}]\n"),
              ElementsAre("form return: fields[0].required not written → true"));
  EXPECT_THAT(told("word_lists: [{id: fraud, action: block, words: [x]}]\n",
                   "word_lists: [{id: fraud, action: block, words: [x, y]}]\n"),
              ElementsAre("word list fraud: words [x] → [x, y]"));
  EXPECT_THAT(told("canned_replies: [{id: hello, texts: {en: Hello}}]\n", ""),
              ElementsAre("canned reply hello: removed"));
  EXPECT_THAT(told("", "alerts: {new_message: true}\n"),
              ElementsAre("alerts: new_message not written → true"));
  EXPECT_THAT(told("", "attachments: {size: 1MiB}\n"),
              ElementsAre("attachments: size not written → 1MiB"));
  EXPECT_THAT(told("", "rating: {ask: true}\n"), ElementsAre("rating: ask not written → true"));
  EXPECT_THAT(told("", "texts: {en: {welcome: Hi}}\n"),
              ElementsAre("texts: en.welcome not written → Hi"));
  EXPECT_THAT(told("", "session: {idle_close: 1h}\n"),
              ElementsAre("session: idle_close not written → 1h"));
  EXPECT_THAT(told("", "profile_fields: [{id: size}]\n"), ElementsAre("profile field size: added"));
  EXPECT_THAT(
      told("lead_stages: [{id: new}, {id: old}]\n", "lead_stages: [{id: old}, {id: new}]\n"),
      ElementsAre("lead_stages: another order"));
  EXPECT_THAT(told("", "mining: [{name: m, when: session.rating > 3, reason: r, tag: pleased}]\n"),
              ElementsAre("mining rule m: added"));
  EXPECT_THAT(told("", "admin_tokens: [{id: root, token_sha256: " + std::string(64, 'a') + "}]\n"),
              ElementsAre("admin_tokens: changed"));
}

TEST(change, says_field_by_field_what_changes_and_no_secret) {
  const auto of = [](const std::string& fields) {
    return "groups: [{id: a}, {id: b}]\n" + rules + "agents: [{id: xu, " + fields + "}]\n";
  };
  EXPECT_THAT(lines(of("groups: [a], capacity: 5, skills: {english: 2}"),
                    of("groups: [a, b], capacity: 6, skills: {english: 2}")),
              ElementsAre("group b: changed with its calendar or its agents",
                          "agent xu: capacity 5 → 6, groups [a] → [a, b]"));
  const std::string one(64, '1'), two(64, '2');
  EXPECT_THAT(lines(of("token_sha256: '" + one + "'"), of("token_sha256: '" + two + "'")),
              ElementsAre("agent xu: another token"));
}

TEST(change, of_the_order_of_agents_is_told_where_the_first_one_is_chosen) {
  EXPECT_THAT(lines(groups + rules + calendars + "agents: [{id: x}, {id: y}]\n",
                    groups + rules + calendars + "agents: [{id: y}, {id: x}]\n"),
              ElementsAre("agents: another order"));
}

}  // namespace
}  // namespace switchboard
