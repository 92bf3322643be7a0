#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

std::string errors_with(const std::string& sections) {
  return errors_of(least_file + sections);
}

TEST(reception_sections, settings_of_every_section_are_read) {
  auto c = parse_dispatch(R"(
forms: [{id: f, title: {zh: 退货}, fields: [{name: n, kind: choice, choices: [a, b], required: true}]}]
groups:
  - id: g
    input: {customer: {types: [text, image], text_length: 200, file_size: 2MiB, file_kinds: image/*, forms: [f]}}
    alerts: {waiting: {after: 1m, every: 30s}}
    wrap_up: {mode: timed, dispositions: [sold, lost], disposition_required: true}
channels: [{id: app, input: {agent: {types: [text]}}}]
agents: [{id: a, team: east, alerts: {new_message: true}}]
rules: [{name: all, steps: [{group: g}]}]
input: {customer: {text_length: 2000}}
word_lists: [{id: w, action: mask, from: agent, groups: [g], channels: [app], words: [甲, 乙]}]
canned_replies: [{id: hi, title: Hello, shortcut: h, groups: [g], texts: {en: "Hello {customer.name}"}}]
alerts: {unanswered: {after: 30s, every: 20s, at_most: 5, escalate_after: 2m}, teams: {east: {new_message: true}}}
attachments: {size: 5MiB, kinds: [image/*, application/pdf], per_session: 10, channel_quota: 1GiB, unreferenced_for: 10m}
rating: {ask: true, remind_after: 2m}
session: {idle_close: 20m, idle_warning: 2m, agent_silence: 1m}
)",
                          "d.yaml");
  ASSERT_TRUE(c) << to_string(c.error());
  auto& g = c->groups[0];
  EXPECT_EQ(*g.input.customer.types, 0b101);
  EXPECT_EQ(g.input.customer.file_size, 2 << 20);
  EXPECT_EQ(g.input.customer.file_kinds, std::vector<std::string>{"image/*"});
  EXPECT_EQ(g.alerts.waiting_every, millis{30'000});
  EXPECT_TRUE(g.wrap_up.dispositions.required);
  EXPECT_EQ(g.wrap_up.dispositions.choices.size(), 2u);
  EXPECT_EQ(*c->channels[0].input.agent.types, 1);
  EXPECT_EQ(c->agents[0].alerts.new_message, true);
  auto& r = c->reception;
  EXPECT_EQ(r.input.customer.text_length, 2000);
  EXPECT_EQ(r.forms[0].fields[0].choices.size(), 2u);
  EXPECT_EQ(r.word_lists[0].words, (std::vector<std::string>{"甲", "乙"}));
  EXPECT_EQ(r.word_lists[0].action, word_action::mask);
  EXPECT_EQ(r.canned_replies[0].texts.at("en"), "Hello {customer.name}");
  EXPECT_EQ(r.alerts.escalate_after, millis{120'000});
  EXPECT_EQ(r.team_alerts.at("east").new_message, true);
  EXPECT_EQ(r.attachments.per_session, 10);
  EXPECT_TRUE(r.rating.ask);
  EXPECT_EQ(c->session.idle_warning, millis{120'000});
}

TEST(reception_sections, a_mistake_names_line_place_and_the_name_perhaps_meant) {
  EXPECT_EQ(errors_of_group("input: {custmer: {}}"),
            "d.yaml:1: groups[0].input.custmer: unknown key; did you mean \"customer\"?\n");
  EXPECT_EQ(errors_of_group("input: {customer: {types: [txt]}}"),
            "d.yaml:1: groups[0].input.customer.types[0]: unknown message type \"txt\"; did you "
            "mean \"text\"?\n");
  EXPECT_EQ(errors_of_group("input: {customer: {forms: [f]}}"),
            "d.yaml:1: groups[0].input.customer.forms[0]: unknown form \"f\"; none is declared\n");
  EXPECT_EQ(errors_of_group("input: {customer: {file_size: 5 MB}}"),
            "d.yaml:1: groups[0].input.customer.file_size: expected a size such as 512, 64KiB or "
            "20MiB\n");
  EXPECT_EQ(errors_of_group("input: {customer: {file_kinds: [png]}}"),
            "d.yaml:1: groups[0].input.customer.file_kinds[0]: expected a media type such as "
            "image/* or application/pdf\n");
  EXPECT_EQ(errors_of_group("wrap_up: {dispositions: [a, a]}"),
            "d.yaml:1: groups[0].wrap_up.dispositions[1]: \"a\" is named twice\n");
  EXPECT_EQ(
      errors_with("word_lists: [{id: w, action: hide, words: [x]}]\n"),
      "d.yaml:3: word_lists[0].action: unknown action \"hide\"; there are block, mask, flag\n");
  EXPECT_EQ(errors_with("word_lists: [{id: w, action: flag}]\n"),
            "d.yaml:3: word_lists[0]: a list needs \"words\" or a \"file\"\n");
  EXPECT_EQ(errors_with("word_lists: [{id: w, action: flag, words: [x], groups: [h]}]\n"),
            "d.yaml:3: word_lists[0].groups[0]: unknown group \"h\"; did you mean \"g\"?\n");
  EXPECT_EQ(
      errors_with("word_lists: [{id: w, action: flag, file: none.txt}]\n"),
      "d.yaml:3: word_lists[0].file: \"none.txt\" cannot be read: No such file or directory\n");
  EXPECT_EQ(
      errors_with("word_lists: [{id: w, action: flag, words: [x, \"\\u200b\\u2061\", \"\"]}]\n"),
      "d.yaml:3: word_lists[0].words[1]: holds nothing that shows\n"
      "d.yaml:3: word_lists[0].words[2]: must not be empty\n");
  EXPECT_EQ(errors_with("alerts: {unanswered: {evry: 5s}}\n"),
            "d.yaml:3: alerts.unanswered.evry: unknown key; did you mean \"every\"?\n");
  const std::string two_teams =
      "agents: [{id: a}]\nteams: [{id: north, members: [a]}, {id: south}]\n";
  EXPECT_EQ(errors_with(two_teams + "alerts: {teams: {noth: {new_message: true}}}\n"),
            "d.yaml:5: alerts.teams.noth: unknown team \"noth\"; did you mean \"north\"?\n");
  EXPECT_EQ(errors_with(two_teams + "alerts: {teams: {south: {new_message: true}}}\n"), "");
  EXPECT_EQ(errors_with("session: {idle_close: 5m, idle_warning: 5m}\n"),
            "d.yaml:3: session.idle_warning: must be shorter than idle_close\n");
  EXPECT_EQ(errors_with("forms: [{id: f, fields: [{name: a, kind: choice}]}]\n"),
            "d.yaml:3: forms[0].fields[0]: a choice needs \"choices\"\n");
  EXPECT_EQ(
      errors_with("forms: [{id: f, fields: [{name: a, kind: dat}]}]\n"),
      "d.yaml:3: forms[0].fields[0].kind: unknown kind of field \"dat\"; did you mean \"date\"?\n");
}

TEST(reception_sections,
     an_unknown_variable_is_refused_in_a_canned_reply_and_a_new_moment_is_known) {
  EXPECT_EQ(errors_with("canned_replies: [{id: a, texts: {en: \"Hi {custmer.name}\"}}]\n"),
            "d.yaml:3: canned_replies[0].texts.en: unknown placeholder \"custmer.name\"; did you "
            "mean \"customer.name\"?\n");
  EXPECT_EQ(errors_with("texts: {zh: {idle_notice: \"{closes_in}后结束\", out_of_hours: 下班了, "
                        "continuation: 又见面了, "
                        "long_silence: 请稍候, rate_reminder: 请打分}}\n"),
            "");
}

}  // namespace
}  // namespace switchboard::config
