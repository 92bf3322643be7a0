#include <random>

#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

TEST(hostile_yaml, text_that_is_no_yaml_is_an_error_with_its_line) {
  auto c = parse_dispatch("groups:\n  - {id: g\n", "d.yaml");
  ASSERT_FALSE(c);
  EXPECT_GT(c.error().at(0).line, 0);
}

TEST(hostile_yaml, nesting_without_end_is_an_error) {
  EXPECT_NE(errors_of(std::string(200'000, '[')), "");
  EXPECT_NE(errors_of(std::string(200'000, '{')), "");
  std::string indented;
  for (int i = 0; i < 3000; ++i) indented += "- ";
  EXPECT_NE(errors_of(indented), "");
}

TEST(hostile_yaml, a_list_that_holds_itself_is_an_error) {
  EXPECT_NE(errors_of("groups: &a [*a]\nrules: *a\n"), "");
  EXPECT_NE(errors_of("groups: &a {id: *a}\n"), "");
}

TEST(hostile_yaml, a_key_written_twice_is_refused_not_overwritten) {
  EXPECT_EQ(errors_of_group("name: a, name: b"),
            "d.yaml:1: groups[0].name: written twice; first on line 1\n");
}

TEST(hostile_yaml, a_second_document_is_refused) {
  EXPECT_NE(errors_of(least_file + "---\n" + least_file), "");
}

TEST(hostile_yaml, what_is_not_utf_8_is_refused) {
  EXPECT_EQ(errors_of("groups: \xff"), "d.yaml: not UTF-8\n");
}

TEST(hostile_yaml, errors_are_bounded) {
  std::string text = least_file + "agents:\n";
  for (int i = 0; i < 5000; ++i) text += "  - {id: g, x: 1}\n";
  auto c = parse_dispatch(text);
  ASSERT_FALSE(c);
  EXPECT_LE(c.error().size(), 1001u);
  EXPECT_NE(c.error().back().message.find("more errors"), std::string::npos);
}

TEST(hostile_yaml, a_file_that_cannot_be_read_is_an_error) {
  auto c = load_dispatch("no/such/dispatch.yaml");
  ASSERT_FALSE(c);
  EXPECT_EQ(to_string(c.error()), "dispatch.yaml: cannot be read\n");
}

TEST(hostile_yaml, no_change_of_a_few_bytes_brings_the_loader_down) {
  const std::string good =
      "calendars: {c: {timezone: UTC, weekly: {mon-fri: \"09:00-18:00\"}}}\n"
      "groups: [{id: g, calendar: c, offer: {accept: manual, timeout: 20s}}]\n"
      "agents: [{id: a, groups: [g], skills: {x: 2}}]\n"
      "rules: [{name: r, when: a > b, steps: [{group: g, wait: 1s}]}, {name: s, steps: [{group: "
      "g}]}]\n";
  std::mt19937 random(20'260'301);
  const std::string bytes = "{}[],:&*!|>'\"%@`-\n \t#?~0a\x80";
  for (int round = 0; round < 1500; ++round) {
    auto text = good;
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = bytes[random() % bytes.size()];
    auto c = parse_dispatch(text);
    EXPECT_TRUE(c || !c.error().empty());
  }
}

}  // namespace
}  // namespace switchboard::config
