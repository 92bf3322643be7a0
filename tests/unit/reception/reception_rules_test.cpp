#include "actors/reception/reception_rules.hpp"

#include <gtest/gtest.h>

#include "config/dispatch_loader.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

constexpr auto deployment_text = R"(
forms:
  - {id: refund, fields: [{name: order_no, required: true}]}
groups:
  - id: vip
    alerts: {unanswered: {after: 10s}}
    input: {customer: {text_length: 5, file_kinds: [image/*], file_size: 1MiB}}
  - {id: plain}
channels:
  - {id: app, input: {customer: {types: [text, image, form]}, agent: {text_length: 8}}}
  - {id: web}
agents:
  - {id: lin, groups: [vip], team: east, alerts: {unanswered: {every: 7s}}}
  - {id: qian, groups: [vip], team: east, role: leader}
  - {id: xu, groups: [plain], team: east, role: supervisor}
  - {id: he, groups: [plain], team: west}
  - {id: zhu, groups: [plain], team: west, role: supervisor}
rules: [{name: all, steps: [{group: vip}]}]
word_lists:
  - {id: fraud, action: block, words: [诈骗]}
  - {id: contact, action: mask, from: agent, words: [微信]}
  - {id: vip_only, action: flag, groups: [vip], channels: [app], words: [投诉]}
alerts:
  unanswered: {after: 30s, every: 30s}
  teams: {east: {new_message: true, unanswered: {after: 20s}}}
)";

struct reception_deployment : ::testing::Test {
  std::shared_ptr<const config::dispatch_config> config;
  std::unique_ptr<reception_rules> rules;

  reception_deployment() {
    auto loaded = config::parse_dispatch(deployment_text, "floor.yaml");
    EXPECT_TRUE(loaded) << to_string(loaded.error());
    config = std::make_shared<const config::dispatch_config>(std::move(*loaded));
    rules = std::make_unique<reception_rules>(config);
  }
  static std::string body(const std::string& text) {
    codec::packer p;
    return field(p.map(1), "text", text).take();
  }
  std::string refused(input_side from, const char* channel, const char* group, const char* type,
                      const std::string& bytes) {
    auto e = rules->refusal(from, channel, group, type, bytes);
    return e ? e->field + " | " + e->rule : "";
  }
};

TEST_F(reception_deployment, a_refused_input_names_the_rule_of_its_place) {
  auto customer = input_side::customer, agent = input_side::agent;
  EXPECT_EQ(refused(customer, "app", "vip", "text", body("一二三四五")), "");
  EXPECT_EQ(refused(customer, "app", "vip", "text", body("一二三四五六")),
            "body.text | groups.vip.input.customer.text_length");
  EXPECT_EQ(refused(customer, "app", "plain", "text", body("一二三四五六")), "");
  EXPECT_EQ(refused(customer, "app", "", "video", body("")),
            "type | channels.app.input.customer.types");
  EXPECT_EQ(refused(customer, "web", "plain", "video", body("")), "");
  EXPECT_EQ(refused(agent, "app", "vip", "text", body("123456789")),
            "body.text | channels.app.input.agent.text_length");
}

TEST_F(reception_deployment, a_file_is_judged_by_size_and_kind_before_it_comes) {
  auto refusal = [&](std::int64_t size, const char* kind) {
    auto e = rules->file_refusal(input_side::customer, "app", "vip", "image", size, kind);
    return e ? e->rule : "";
  };
  EXPECT_EQ(refusal(1000, "image/png"), "");
  EXPECT_EQ(refusal(2 << 20, "image/png"), "groups.vip.input.customer.file_size");
  auto e = rules->file_refusal(input_side::customer, "app", "vip", "image", 2 << 20, "image/png");
  EXPECT_EQ(e->field, "size") << "attachment.begin has no body";
  EXPECT_TRUE(e->message.starts_with("size: ")) << e->message;
  EXPECT_EQ(refusal(1000, "application/pdf"), "groups.vip.input.customer.file_kinds");
  EXPECT_EQ(refusal(1000, ""), "");
}

TEST(input_rules, an_svg_which_may_carry_scripts_is_no_picture_unless_it_is_named) {
  EXPECT_TRUE(kind_matches("image/png", "image/*"));
  EXPECT_FALSE(kind_matches("image/svg+xml", "image/*"));
  EXPECT_TRUE(kind_matches("image/svg+xml", "image/svg+xml"));
  EXPECT_FALSE(kind_fits_type("image/svg+xml", "image"));
  EXPECT_TRUE(kind_fits_type("image/svg+xml", "file"));
}

TEST_F(reception_deployment, a_form_is_one_that_is_declared_and_filled_in_by_the_customer) {
  codec::packer unknown, asked, handed_in;
  unknown.map(1).str("form_id").str("refnd");
  asked.map(1).str("form_id").str("refund");
  handed_in.map(2).str("form_id").str("refund").str("values").map(1).str("order_no").str("1");
  EXPECT_EQ(refused(input_side::customer, "app", "", "form", std::string(unknown.view())),
            "body.form_id | forms");
  EXPECT_EQ(refused(input_side::agent, "app", "", "form", std::string(asked.view())), "");
  EXPECT_EQ(refused(input_side::customer, "app", "", "form", std::string(asked.view())),
            "body.values | forms.refund");
  EXPECT_EQ(refused(input_side::customer, "app", "", "form", std::string(handed_in.view())), "");
}

TEST_F(reception_deployment, a_word_list_holds_where_and_for_whom_it_is_meant) {
  auto lists = [&](input_side from, const char* channel, const char* group, const char* text) {
    return rules->list_names(rules->words(from, channel, group, body(text)).lists);
  };
  using texts = std::vector<std::string>;
  EXPECT_EQ(lists(input_side::customer, "web", "", "诈骗"), (texts{"fraud"}));
  EXPECT_EQ(lists(input_side::customer, "app", "vip", "微信投诉"), (texts{"vip_only"}));
  EXPECT_EQ(lists(input_side::agent, "app", "vip", "微信投诉"), (texts{"contact", "vip_only"}));
  EXPECT_EQ(lists(input_side::customer, "web", "vip", "投诉"), (texts{}));
  EXPECT_EQ(lists(input_side::customer, "app", "plain", "投诉"), (texts{}));
  auto softened = rules->words(input_side::customer, "web", "", body("诈骗吗"), true);
  EXPECT_FALSE(softened.blocked);
  EXPECT_EQ(softened.body, body("**吗"));
}

TEST_F(reception_deployment, alert_settings_are_laid_one_over_the_other) {
  constexpr millis second{1000};
  auto of_lin = rules->alerts("vip", "lin");
  EXPECT_EQ(of_lin.unanswered_after, 20 * second);  // the team's over the group's
  EXPECT_EQ(of_lin.unanswered_every, 7 * second);
  EXPECT_EQ(of_lin.new_message, true);
  auto of_he = rules->alerts("vip", "he");
  EXPECT_EQ(of_he.unanswered_after, 10 * second);
  EXPECT_EQ(of_he.unanswered_every, 30 * second);
  EXPECT_EQ(rules->alerts("", "").unanswered_after, 30 * second);
  EXPECT_TRUE(rules->alerts_anybody());
}

TEST_F(reception_deployment, an_agent_s_leader_is_of_its_team_and_a_supervisor_stands_in) {
  EXPECT_EQ(rules->leaders_of("lin"), (std::vector<agent_id>{agent_id{"qian"}}));
  EXPECT_EQ(rules->leaders_of("he"), (std::vector<agent_id>{agent_id{"zhu"}}));
  EXPECT_EQ(rules->leaders_of_group(group_id{"plain"}),
            (std::vector<agent_id>{agent_id{"xu"}, agent_id{"zhu"}}));
}

TEST(reception_rules, nothing_configured_refuses_nothing_and_looks_for_nothing) {
  auto c = config::parse_dispatch("groups: [{id: g}]\nrules: [{name: all, steps: [{group: g}]}]\n",
                                  "d.yaml");
  reception_rules rules(std::make_shared<const config::dispatch_config>(std::move(*c)));
  EXPECT_FALSE(rules.refusal(input_side::customer, "app", "g", "form", "\x80"));
  EXPECT_FALSE(rules.looks_for_words(input_side::agent));
  EXPECT_FALSE(rules.alerts_anybody());
}

}  // namespace
}  // namespace switchboard
