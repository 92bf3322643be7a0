#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

const char* const whole = R"(
groups:
  - id: vip
    name: Gold desk
    strategy: best_skill
    order: strict
    service_level: {target: 0.9, within: 15s}
    offer: {accept: manual, timeout: 25s, missed_limit: 0}
    wrap_up: {mode: timed, time: 45s, holds_capacity: false}
    queue: {max: 7, on_full: leave_message, fill_after: 90s}
    serves: member.level >= 3 || "vip" in tags
    ramp: {per_agent_per_minute: 6}
    recall_window: 1m
  - id: general
channels:
  - {id: app, kind: voice, language: zh, texts: {zh: {welcome: "hi {customer.name}"}}}
  - {id: web, kind: chat, weight: 2}
agents:
  - {id: lin, name: Lin, groups: [vip, general], skills: {refund: 5}, capacity: 6, role: leader, team: hz}
admin_tokens:
  - {id: ops, token_sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}
rules:
  - name: gold
    when: member.level >= 3
    priority: 10
    sticky: {last_agent: 30s}
    steps:
      - {group: vip, require: {refund: 4}, wait: 20s, skip_if: queue("vip").online == 0}
      - {groups: [vip, general], balance: most_available, widen: true}
      - {leave_message: true}
  - name: rest
    steps: [{group: general}]
texts:
  en: {welcome: Hello, queue: "You are number {position}."}
session: {continue_within: 1h, identification_deadline: 200ms, idle_close: 20m}
)";

TEST(dispatch_loader, every_field_of_a_group_is_read) {
  auto c = parse_dispatch(whole);
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& vip = c->groups.at(0);
  EXPECT_EQ(vip.id.value, "vip");
  EXPECT_EQ(vip.name, "Gold desk");
  EXPECT_EQ(vip.strategy, strategy::best_skill);
  EXPECT_EQ(vip.order, queue_order::strict);
  EXPECT_EQ(vip.service_level_target, 0.9);
  EXPECT_EQ(vip.service_level_within, millis(15'000));
  EXPECT_EQ(vip.offer.accept, accept_mode::manual);
  EXPECT_EQ(vip.offer.timeout, millis(25'000));
  EXPECT_EQ(vip.offer.missed_limit, 0);
  EXPECT_EQ(vip.wrap_up.mode, wrap_up_mode::timed);
  EXPECT_EQ(vip.wrap_up.time, millis(45'000));
  EXPECT_FALSE(vip.wrap_up.holds_capacity);
  EXPECT_EQ(vip.queue_max, 7);
  EXPECT_EQ(vip.on_full, when_full::leave_message);
  EXPECT_EQ(vip.fill_after, millis(90'000));
  EXPECT_EQ(vip.serves, R"(member.level >= 3 || "vip" in tags)");
  EXPECT_EQ(vip.serves_where.line, 11);
  EXPECT_EQ(vip.ramp_per_agent_per_minute, 6);
  EXPECT_EQ(vip.recall_window, millis(60'000));
}

TEST(dispatch_loader, what_is_not_written_has_its_default) {
  auto c = parse_dispatch(least_file);
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& g = c->groups.at(0);
  EXPECT_EQ(g.name, "g");
  EXPECT_EQ(g.strategy, strategy::longest_idle);
  EXPECT_EQ(g.offer.accept, accept_mode::automatic);
  EXPECT_EQ(g.queue_max, 500);
  EXPECT_EQ(c->session.identification_deadline, millis(300));
}

TEST(dispatch_loader, rules_keep_their_order_their_steps_and_where_they_stand) {
  auto c = parse_dispatch(whole);
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& gold = c->rules.at(0);
  EXPECT_EQ(gold.name, "gold");
  EXPECT_EQ(gold.when, "member.level >= 3");
  EXPECT_EQ(gold.when_where.line, 24);
  EXPECT_EQ(gold.where.line, 23);
  EXPECT_EQ(gold.priority, 10);
  EXPECT_EQ(gold.sticky_last_agent, millis(30'000));
  ASSERT_EQ(gold.steps.size(), 3u);
  EXPECT_EQ(gold.steps[0].groups, std::vector{group_id("vip")});
  EXPECT_EQ(gold.steps[0].require.at("refund"), 4);
  EXPECT_EQ(gold.steps[0].wait, millis(20'000));
  EXPECT_EQ(gold.steps[0].skip_if, R"(queue("vip").online == 0)");
  EXPECT_EQ(gold.steps[0].skip_if_where.line, 28);
  EXPECT_EQ(gold.steps[1].groups.size(), 2u);
  EXPECT_EQ(gold.steps[1].balance, balance_by::most_available);
  EXPECT_TRUE(gold.steps[1].widen);
  EXPECT_TRUE(gold.steps[2].leave_message);
  EXPECT_EQ(c->rules.at(1).when, "");
}

TEST(dispatch_loader, people_channels_texts_and_tokens_are_read) {
  auto c = parse_dispatch(whole);
  ASSERT_TRUE(c) << to_string(c.error());
  const auto& lin = c->agents.at(0);
  EXPECT_EQ(lin.groups.size(), 2u);
  EXPECT_EQ(lin.skills.at("refund"), 5);
  EXPECT_EQ(lin.capacity, 6);
  EXPECT_EQ(lin.role, "leader");
  EXPECT_EQ(lin.team, "hz");
  EXPECT_EQ(c->admin_tokens.at(0).id, "ops");
  EXPECT_EQ(c->texts.at("en").at("queue"), "You are number {position}.");
  EXPECT_EQ(c->channel_texts.at("app").at("zh").at("welcome"), "hi {customer.name}");
  EXPECT_EQ(c->session.continue_within, millis(3'600'000));
}

TEST(dispatch_loader, a_channels_kind_gives_the_weight_unless_one_is_written) {
  auto c = parse_dispatch(whole);
  ASSERT_TRUE(c) << to_string(c.error());
  EXPECT_EQ(c->channels.at(0).weight, 6);
  EXPECT_EQ(c->channels.at(1).weight, 2);
}

TEST(dispatch_loader, an_unknown_key_is_named_by_line_and_path_with_the_name_perhaps_meant) {
  EXPECT_EQ(errors_of("groups:\n  - id: g\n    stratgy: random\n" + least_rules),
            "d.yaml:3: groups[0].stratgy: unknown key; did you mean \"strategy\"?\n");
}

TEST(dispatch_loader, all_errors_are_told_at_once_in_the_order_of_their_lines) {
  EXPECT_EQ(
      errors_of("rules:\n  - {name: r, steps: [{group: x}]}\ngroups:\n  - {id: g, order: age}\n"
                "  - {id: g}\n"),
      "d.yaml:2: rules[0].steps[0].group: unknown group \"x\"; did you mean \"g\"?\n"
      "d.yaml:4: groups[0].order: unknown order \"age\"; did you mean \"aged\"?\n"
      "d.yaml:5: groups[1].id: \"g\" is declared already on line 4\n");
}

TEST(dispatch_loader, a_value_of_the_wrong_kind_is_refused) {
  EXPECT_EQ(errors_of_group("offer: 20s"), "d.yaml:1: groups[0].offer: expected {key: value}\n");
  EXPECT_EQ(
      errors_of_group("offer: {timeout: 20}"),
      "d.yaml:1: groups[0].offer.timeout: expected a duration such as 300ms, 20s, 5m, 24h or 7d\n");
  EXPECT_EQ(errors_of_group("queue: {max: many}"),
            "d.yaml:1: groups[0].queue.max: expected a whole number from 0 to 1000000\n");
  EXPECT_EQ(errors_of_group("wrap_up: {holds_capacity: yes}"),
            "d.yaml:1: groups[0].wrap_up.holds_capacity: expected true or false\n");
  EXPECT_EQ(errors_of_group("name: [a]"), "d.yaml:1: groups[0].name: expected text\n");
  EXPECT_EQ(errors_of("groups: {id: g}\n" + least_rules).substr(0, 32),
            "d.yaml:1: groups: expected a lis");
}

TEST(dispatch_loader, a_value_out_of_bounds_is_refused_with_the_bounds) {
  EXPECT_EQ(errors_of_group("service_level: {target: 1.2}"),
            "d.yaml:1: groups[0].service_level.target: expected a number from 0 to 1\n");
  EXPECT_EQ(errors_of_group("offer: {timeout: 2h}"),
            "d.yaml:1: groups[0].offer.timeout: expected a duration from 1s to 1h\n");
}

TEST(dispatch_loader, the_last_rule_must_match_everything) {
  EXPECT_EQ(errors_of_rules("  - {name: a, when: member.level > 3, steps: [{group: g}]}\n"),
            "d.yaml:3: rules[0]: the last rule must match everything: leave out \"when\"\n");
  EXPECT_EQ(errors_of_rules("  - {name: a, when: true, steps: [{group: g}]}\n"), "");
  EXPECT_EQ(errors_of_rules("  - {name: a, when: , steps: [{group: g}]}\n"), "");
}

TEST(dispatch_loader, a_rule_that_matches_everything_hides_those_after_it) {
  EXPECT_EQ(errors_of_rules("  - {name: a, steps: [{group: g}]}\n"
                            "  - {name: b, steps: [{group: g}]}\n"),
            "d.yaml:3: rules[0]: matches everything, so the rules after it can never be reached\n");
}

TEST(dispatch_loader, a_step_is_one_group_or_several_or_a_message_left) {
  auto step = [](const std::string& s) {
    return errors_of_rules("  - {name: a, steps: [" + s + "]}\n");
  };
  const std::string one =
      "d.yaml:3: rules[0].steps[0]: expected one of \"group\", \"groups\" and \"leave_message\"\n";
  EXPECT_EQ(step("{wait: 1s}"), one);
  EXPECT_EQ(step("{group: g, groups: [h]}"), one);
  EXPECT_EQ(step("{group: g, leave_message: true}"), one);
  EXPECT_EQ(step("{leave_message: true}, {group: g}"),
            "d.yaml:3: rules[0].steps[0]: a message is left at the end: no step can follow\n");
  EXPECT_EQ(step("{group: g, balance: round_robin}"),
            "d.yaml:3: rules[0].steps[0].balance: needs several groups to balance\n");
  EXPECT_EQ(step(""), "d.yaml:3: rules[0].steps: names no step\n");
}

TEST(dispatch_loader, placeholders_of_texts_are_checked) {
  auto text = [](const std::string& t) {
    return errors_of(least_file + "texts: {en: {queue: \"" + t + "\"}}\n");
  };
  EXPECT_EQ(
      text("{positon} of all"),
      "d.yaml:3: texts.en.queue: unknown placeholder \"positon\"; did you mean \"position\"?\n");
  EXPECT_EQ(text("you are {position"), "d.yaml:3: texts.en.queue: a brace without its partner\n");
  EXPECT_EQ(text("{position}, {eta}"), "");
}

TEST(dispatch_loader, a_token_that_is_no_digest_is_refused) {
  EXPECT_EQ(
      errors_of(least_file + "agents: [{id: a, token_sha256: secret}]\n"),
      "d.yaml:3: agents[0].token_sha256: expected the token's SHA-256 as 64 hexadecimal digits "
      "in lower case\n");
  EXPECT_EQ(errors_of(least_file + "admin_tokens: [{id: a}]\n"),
            "d.yaml:3: admin_tokens[0]: \"token_sha256\" is missing\n");
}

}  // namespace
}  // namespace switchboard::config
