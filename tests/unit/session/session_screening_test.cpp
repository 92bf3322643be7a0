#include "actors/session/session_screening.hpp"

#include <gtest/gtest.h>

#include "config/dispatch_loader.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace test;
using session_machine::payloads;

constexpr auto text = R"(
groups:
  - id: g
    input: {customer: {text_length: 12}}
channels: [{id: app}]
agents: [{id: lin, groups: [g]}]
rules: [{name: all, steps: [{group: g}]}]
word_lists:
  - {id: fraud, action: block, words: [swindle]}
  - {id: contact, action: mask, words: [wechat]}
)";

struct screening : session_fixture {
  std::unique_ptr<reception_rules> rules;

  screening() {
    auto loaded = config::parse_dispatch(text, "floor.yaml");
    EXPECT_TRUE(loaded) << to_string(loaded.error());
    auto& dispositions = loaded->groups[0].wrap_up.dispositions;
    dispositions.required = true;
    dispositions.choices = {"solved", "refunded"};
    rules = std::make_unique<reception_rules>(
        std::make_shared<const config::dispatch_config>(std::move(*loaded)));
    served_by(lin);
  }
  static payloads saying(const char* words) {
    codec::packer p;
    field(p.map(1), "text", words);
    return payloads_of(event::message{0, customer, "text", {p.take()}, {}, {}});
  }
  std::string refused(payloads& events) {
    auto wrong = session_screening::judge(s, *rules, customer, events);
    return wrong ? wrong->field : "";
  }
};

TEST_F(screening, what_breaks_no_rule_goes_through_as_it_is) {
  auto events = saying("hello");
  EXPECT_EQ(refused(events), "");
  EXPECT_EQ(events.size(), 1u);
}

TEST_F(screening, what_its_group_does_not_take_is_refused_and_not_recorded) {
  auto events = saying("much too long a text");
  EXPECT_NE(refused(events), "");
  EXPECT_TRUE(events.empty());
}

TEST_F(screening, a_blocked_word_is_recorded_without_the_message) {
  auto events = saying("a swindle");
  EXPECT_EQ(refused(events), "body.text");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<event::filtered>(events[0]).action, "block");
}

TEST_F(screening, a_masked_word_is_not_said_and_what_it_was_is_kept_beside) {
  auto events = saying("my wechat");
  EXPECT_EQ(refused(events), "");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<event::message>(events[0]).body.bytes.find("wechat"), std::string::npos);
  auto& f = std::get<event::filtered>(events[1]);
  EXPECT_EQ(f.action, "mask");
  EXPECT_EQ(f.message_seq, s.seq + 1);
}

TEST_F(screening, the_system_says_what_it_says) {
  auto events = saying("a swindle");
  EXPECT_FALSE(session_screening::judge(s, *rules, {"system", "", ""}, events));
}

TEST_F(screening, a_word_in_a_request_is_masked_though_it_would_be_blocked) {
  auto events = saying("a swindle");
  session_screening::mask_opening(s, *rules, events);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<event::message>(events[0]).body.bytes.find("swindle"), std::string::npos);
}

TEST_F(screening, a_disposition_is_one_of_the_groups) {
  auto wrong = [&](const char* given) {
    auto e = session_screening::wrong_disposition(s, *rules, group_id{"g"}, given);
    return e ? e->message : "";
  };
  EXPECT_EQ(wrong("solved"), "");
  EXPECT_EQ(wrong(""), "disposition: is required; one of solved, refunded");
  EXPECT_EQ(wrong("solvd"), "disposition: there is no \"solvd\"; did you mean \"solved\"?");
  EXPECT_FALSE(session_screening::wrong_disposition(s, *rules, group_id{"other"}, ""));
}

}  // namespace
}  // namespace switchboard
