#include "config/yaml_edit.hpp"

#include <gtest/gtest.h>

namespace switchboard::config {
namespace {

const std::string text =
    "# 木棉 floor\n"
    "groups:\n"
    "  - id: vip\n"
    "    name: \"会员: 专席\"  # shown\n"
    "    queue: {max: 100, on_full: overflow}\n"
    "  - {id: a.b}\n"
    "agents:\n"
    "  - {id: lin, capacity: 5, groups: [vip]}\n"
    "  # the newest\n"
    "  - id: wu\n"
    "    capacity: 3\n"
    "\n"
    "# rules follow\n"
    "rules: [{name: everyone else, steps: [{group: vip}]}]\n"
    "admin_tokens: []\n";

std::string replaced(std::string from, const std::string& what, const std::string& with) {
  return from.replace(from.find(what), what.size(), with);
}

TEST(yaml_edit, sets_one_value_and_leaves_the_rest_as_it_is) {
  EXPECT_EQ(with_value(text, "agents.lin.capacity", "7"),
            replaced(text, "capacity: 5", "capacity: 7"));
  EXPECT_EQ(with_value(text, "agents.wu.capacity", "12"),
            replaced(text, "capacity: 3", "capacity: 12"));
  EXPECT_EQ(with_value(text, "groups.vip.queue.max", "20"), replaced(text, "max: 100", "max: 20"));
  EXPECT_EQ(with_value(text, "groups.vip.name", "VIP"), replaced(text, "\"会员: 专席\"", "VIP"));
  EXPECT_EQ(with_value(text, "agents.lin.groups", "[vip, a.b]"),
            replaced(text, "[vip]", "[vip, a.b]"));
}

TEST(yaml_edit, adds_a_key_that_is_not_written) {
  EXPECT_EQ(with_value(text, "groups.vip.calendar", "office"),
            replaced(text, "  - id: vip\n", "  - calendar: office\n    id: vip\n"));
  EXPECT_EQ(with_value(text, "groups.a.b.queue.max", "4"),
            replaced(text, "{id: a.b}", "{queue: {max: 4}, id: a.b}"));
  EXPECT_EQ(with_value(text, "session.idle_close", "5m"),
            replaced(text, "groups:\n", "session: {idle_close: 5m}\ngroups:\n"));
}

TEST(yaml_edit, says_why_not) {
  EXPECT_EQ(with_value(text, "agents.nobody.capacity", "1").error(), "there is no \"nobody\"");
  EXPECT_EQ(with_value(text, "agents.lin.capacity.x", "1").error(), "\"x\" lies in a single value");
  EXPECT_EQ(with_value(text, "groups", "[]").error(),
            "it is written over several lines; apply a whole file instead");
  EXPECT_EQ(with_value(text, "agents.lin.capacity", "1\nrules: []").error(),
            "expected a value on one line");
  EXPECT_EQ(with_value(text, "", "1").error(), "expected a path like agents.lin.capacity");
}

TEST(yaml_edit, takes_a_value_away) {
  auto without = [](std::vector<std::string> way) {
    return with_changes(text, {{way, std::nullopt}});
  };
  EXPECT_EQ(without({"agents", "lin", "capacity"}), replaced(text, "capacity: 5, ", ""));
  EXPECT_EQ(without({"agents", "lin", "groups"}), replaced(text, ", groups: [vip]", ""));
  EXPECT_EQ(without({"agents", "wu", "capacity"}), replaced(text, "    capacity: 3\n", ""));
  EXPECT_EQ(without({"agents", "wu", "id"}), replaced(text, "id: wu\n    capacity", "capacity"));
  EXPECT_EQ(without({"groups", "vip", "calendar"}), text);
}

TEST(yaml_edit, counts_what_has_no_id) {
  EXPECT_EQ(with_value(text, "rules.everyone else.steps.0.group", "a.b"),
            replaced(text, "{group: vip}", "{group: a.b}"));
  EXPECT_FALSE(with_value(text, "rules.everyone else.steps.1.group", "a.b"));
  EXPECT_FALSE(with_value(text, "agents.0.capacity", "1"));
}

TEST(yaml_edit, changes_many_values_in_one_reading) {
  EXPECT_EQ(with_changes(text, {{{"agents", "wu", "capacity"}, "4"},
                                {{"groups", "a.b", "queue"}, "{max: 1}"},
                                {{"agents", "lin", "capacity"}, std::nullopt}}),
            replaced(replaced(replaced(text, "capacity: 3", "capacity: 4"), "{id: a.b}",
                              "{queue: {max: 1}, id: a.b}"),
                     "capacity: 5, ", ""));
}

TEST(yaml_edit, text_is_quoted_where_it_could_be_taken_for_something_else) {
  EXPECT_EQ(yaml_text("vip"), "vip");
  for (auto odd : {"", "no", "Null", "5", "a b", "a: b", "20s"})
    EXPECT_EQ(yaml_text(odd), "\"" + std::string(odd) + "\"");
  EXPECT_EQ(yaml_text("say \"hi\"\n"), "\"say \\\"hi\\\"\\x0a\"");
}

TEST(yaml_edit, puts_an_element_at_the_end_of_its_list) {
  EXPECT_EQ(with_element(text, "agents", "{id: zhou}"),
            replaced(text, "    capacity: 3\n", "    capacity: 3\n  - {id: zhou}\n"));
  EXPECT_EQ(with_element(text, "admin_tokens", "{id: x}"),
            replaced(text, "admin_tokens: []", "admin_tokens: [{id: x}]"));
  EXPECT_FALSE(with_element(text, "calendars", "{}"));
}

TEST(yaml_edit, takes_an_element_out_of_its_list) {
  EXPECT_EQ(without_element(text, "agents", "wu"),
            replaced(text, "  - id: wu\n    capacity: 3\n", ""));
  EXPECT_EQ(without_element(text, "agents", "lin"),
            replaced(text, "  - {id: lin, capacity: 5, groups: [vip]}\n", ""));
  EXPECT_EQ(without_element(text, "agents", "nobody").error(), "there is no \"nobody\"");
}

}  // namespace
}  // namespace switchboard::config
