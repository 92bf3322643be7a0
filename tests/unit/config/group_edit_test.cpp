#include "config/group_edit.hpp"

#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

const std::string text =
    "groups:\n"
    "  - {id: vip, formerly: [gold]}  # the best\n"
    "  - id: old\n"
    "    formerly: [older]\n"
    "  - {id: general}\n"
    "agents:\n"
    "  - {id: lin, groups: [old, general]}\n"
    "  - {id: wu, groups: [vip, old]}\n"
    "  - {id: off, groups: [old], disabled: true}\n"
    "canned_replies: [{id: hi, title: Hi, groups: [old], texts: {en: Hi}}]\n"
    "rules:\n"
    "  - name: first. rule\n"
    "    when: request.intent == 'x'\n"
    "    steps:\n"
    "      - {groups: [old, vip], balance: shortest_wait, wait: 5s}\n"
    "      - {groups: [old, general], balance: round_robin}\n"
    "  - {name: all, steps: [{group: old}]}\n";

dispatch_config loaded(const std::string& what) {
  auto all = parse_dispatch(what, "d.yaml");
  EXPECT_TRUE(all) << to_string(all.error()) << what;
  return all ? *all : dispatch_config{};
}

std::string after(const result<std::string>& edited) {
  return edited ? *edited
                : std::string(to_string(edited.error().code)) + ": " + edited.error().message;
}

TEST(group_edit, a_merger_renames_the_group_wherever_it_is_named) {
  EXPECT_EQ(after(merge_groups(text, loaded(text), "old", "vip")),
            "groups:\n"
            "  - {id: vip, formerly: [gold, older, old]}  # the best\n"
            "  - {id: general}\n"
            "agents:\n"
            "  - {id: lin, groups: [vip, general]}\n"
            "  - {id: wu, groups: [vip]}\n"
            "  - {id: off, groups: [vip], disabled: true}\n"
            "canned_replies: [{id: hi, title: Hi, groups: [vip], texts: {en: Hi}}]\n"
            "rules:\n"
            "  - name: first. rule\n"
            "    when: request.intent == 'x'\n"
            "    steps:\n"
            "      - {groups: [vip], wait: 5s}\n"
            "      - {groups: [vip, general], balance: round_robin}\n"
            "  - {name: all, steps: [{group: vip}]}\n");
  loaded(after(merge_groups(text, loaded(text), "old", "vip")));
}

TEST(group_edit, an_old_name_leads_to_the_group_it_was_merged_into) {
  const auto all = loaded(after(merge_groups(text, loaded(text), "old", "vip")));
  for (auto name : {"old", "older", "gold", "vip"})
    EXPECT_EQ(group_now(all, group_id{name})->id.value, "vip");
  EXPECT_EQ(group_now(all, group_id{"zz"}), nullptr);
}

TEST(group_edit, an_old_name_means_one_group) {
  EXPECT_EQ(errors_of("groups: [{id: g}, {id: h, formerly: [g]}]\n" + least_rules),
            "d.yaml:1: groups: \"h\" was formerly \"g\", but there is a group of that name\n");
  EXPECT_EQ(errors_of("groups: [{id: g, formerly: [x]}, {id: h, formerly: [x]}]\n" + least_rules),
            "d.yaml:1: groups: \"h\" was formerly \"x\", but so was \"g\"\n");
}

TEST(group_edit, a_merger_needs_two_groups) {
  const auto all = loaded(text);
  EXPECT_EQ(after(merge_groups(text, all, "zz", "vip")),
            "not_found: from: there is no group \"zz\"");
  EXPECT_EQ(after(merge_groups(text, all, "old", "zz")),
            "not_found: into: there is no group \"zz\"");
  EXPECT_EQ(after(merge_groups(text, all, "old", "old")),
            "invalid_argument: into: expected another group");
}

TEST(group_edit, a_group_is_not_retired_while_something_needs_it) {
  EXPECT_EQ(
      after(retire_group(text, loaded(text), "old", "")),
      "failed_precondition: id: rule \"first. rule\", rule \"all\", canned reply \"hi\" would have "
      "no group; give into, or change that first");
}

TEST(group_edit, a_retired_group_s_rules_go_elsewhere_and_its_agents_do_not) {
  const auto all = loaded(after(retire_group(text, loaded(text), "old", "general")));
  EXPECT_EQ(all.groups.size(), 2u);
  EXPECT_EQ(all.agents[0].groups, std::vector{group_id{"general"}});
  EXPECT_EQ(all.agents[1].groups, std::vector{group_id{"vip"}});
  EXPECT_EQ(all.rules[1].steps[0].groups, std::vector{group_id{"general"}});
  EXPECT_EQ(group_now(all, group_id{"old"}), nullptr);
}

TEST(group_edit, groups_on_one_line_are_edited_too) {
  const std::string flow = "groups: [{id: g}, {id: h}, {id: i}]\n" + least_rules;
  const auto all = loaded(flow);
  EXPECT_EQ(after(retire_group(flow, all, "h", "")), "groups: [{id: g}, {id: i}]\n" + least_rules);
  EXPECT_EQ(after(retire_group(flow, all, "i", "")), "groups: [{id: g}, {id: h}]\n" + least_rules);
  EXPECT_EQ(after(create_group(flow, all, "j", "{queue: {max: 3}}")),
            "groups: [{id: g}, {id: h}, {id: i}, {id: j, queue: {max: 3}}]\n" + least_rules);
}

TEST(group_edit, an_update_adds_several_keys_of_a_map_that_was_not_written) {
  const auto edited =
      after(update_group(text, loaded(text), "general",
                         "{offer: {accept: manual, timeout: \"30s\"}, queue: {max: 9}}"));
  const auto all = loaded(edited);
  EXPECT_EQ(all.groups[2].offer.accept, accept_mode::manual);
  EXPECT_EQ(all.groups[2].offer.timeout, millis{30'000});
  EXPECT_EQ(all.groups[2].queue_max, 9);
}

}  // namespace
}  // namespace switchboard::config
