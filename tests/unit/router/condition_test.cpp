#include <gtest/gtest.h>

#include "tests/unit/router/routing_fixture.hpp"

namespace switchboard {
namespace {

using namespace router_testing;

TEST(conditions, read_the_request) {
  customer c;
  c.request.channel = "app";
  c.request.entry = "order";
  c.request.intent = "refund";
  c.request.subject = "A broken kettle";
  c.request.skills = {{"english", 3}};
  EXPECT_TRUE(matches(R"(request.channel == "app" && request.entry == "order")", c));
  EXPECT_TRUE(matches(R"(request.intent == "refund")", c));
  EXPECT_TRUE(matches(R"(request.subject.contains("kettle"))", c));
  EXPECT_TRUE(matches(R"(request.skills.english >= 3 && !("french" in request.skills))", c));
  EXPECT_FALSE(matches(R"(request.intent == "presale")", c));
}

TEST(conditions, read_the_text_of_the_first_message_and_of_no_other_kind) {
  customer c;
  EXPECT_TRUE(matches(R"(request.text == "")", c));
  c.request.message.emplace();
  c.request.message->body.bytes = packed_text("text", "where is my parcel");
  EXPECT_TRUE(matches(R"(request.text.matches("par.el"))", c));
  c.request.message->type = "image";
  EXPECT_TRUE(matches(R"(request.text == "")", c));
}

TEST(conditions, read_packed_attributes) {
  customer c;
  c.request.attributes.bytes = packed_text("tier", "gold");
  EXPECT_TRUE(matches(R"(request.attributes.tier == "gold")", c));
  EXPECT_TRUE(matches(R"(has(request.attributes.tier))", c));
  EXPECT_FALSE(matches(R"(has(request.attributes.other))", c));
  EXPECT_FALSE(matches(R"(request.attributes.other == "gold")", c));
}

TEST(conditions, read_who_asks) {
  customer c;
  c.found.source = "app:home";
  c.found.tags = {"vip", "new"};
  c.member(3, "m42");
  c.found.member->name = "Zhao";
  c.found.member->since = from_unix_ms(1'600'000'000'000);
  c.found.member->attributes.bytes = packed_text("city", "Hangzhou");
  EXPECT_TRUE(matches(R"(source == "app:home")", c));
  EXPECT_TRUE(matches(R"("vip" in tags && tags.exists(t, t.startsWith("n")))", c));
  EXPECT_TRUE(matches(R"(member.id == "m42" && member.level == 3 && member.name == "Zhao")", c));
  EXPECT_TRUE(matches(R"(member.since < timestamp("2021-01-01T00:00:00Z"))", c));
  EXPECT_TRUE(matches(R"(member.attributes.city == "Hangzhou")", c));
}

TEST(conditions, find_no_member_to_be_below_every_level_and_no_error) {
  const customer nobody;
  EXPECT_FALSE(matches("member.level >= 3", nobody));
  EXPECT_TRUE(matches("!(member.level >= 3)", nobody));
  EXPECT_TRUE(
      matches(R"(member.id == "" && member.name == "" && size(member.attributes) == 0)", nobody));
  EXPECT_TRUE(matches(R"(member.since == timestamp("1970-01-01T00:00:00Z"))", nobody));
  // The field is there, whoever asks: `member.id != ""` is the question.
  EXPECT_TRUE(matches("has(member.id)", nobody));
}

TEST(conditions, read_the_trail_and_find_none_to_be_long_ago) {
  customer c;
  EXPECT_TRUE(matches(R"(trail.last_agent == "" && trail.sessions_30d == 0)", c));
  EXPECT_FALSE(matches(R"(now - trail.last_closed < duration("24h"))", c));
  c.found.trail = trail_finding{agent_id("lin"), group_id("vip"), noon - millis{3'600'000}, 4, 2};
  EXPECT_TRUE(matches(R"(trail.last_agent == "lin" && trail.last_group == "vip")", c));
  EXPECT_TRUE(matches(R"(trail.sessions_30d == 4 && trail.open_orders > 1)", c));
  EXPECT_TRUE(matches(R"(now - trail.last_closed < duration("24h"))", c));
}

TEST(conditions, read_the_time_in_a_zone) {
  const customer c;
  EXPECT_TRUE(matches(R"(now.getHours("Asia/Shanghai") == 12)", c));
  EXPECT_TRUE(matches(R"(now.getDayOfWeek("Asia/Shanghai") == 5)", c));
}

TEST(conditions, read_the_figures_of_a_group) {
  customer c;
  c.reports("a", {.waiting = 4,
                  .online = 3,
                  .available = 1,
                  .oldest = millis{65'000},
                  .service_level = 0.75,
                  .eta = time_estimate{30'000, 90'000}});
  EXPECT_TRUE(matches(R"(queue("a").waiting == 4 && queue("a").online == 3)", c));
  EXPECT_TRUE(matches(R"(queue("a").available == 1 && queue("a").service_level < 0.8)", c));
  EXPECT_TRUE(matches(R"(queue("a").oldest > duration("1m"))", c));
  EXPECT_TRUE(matches(R"(queue("a").eta == duration("30s"))", c));
}

TEST(conditions, find_a_group_that_has_not_reported_empty_with_no_eta) {
  const customer c;
  EXPECT_TRUE(matches(R"(queue("a").waiting == 0 && queue("a").online == 0)", c));
  EXPECT_TRUE(matches(R"(queue("a").eta == null)", c));
  EXPECT_FALSE(matches(R"(queue("a").eta < duration("1m"))", c));
}

TEST(conditions, err_on_a_group_computed_that_there_is_not) {
  customer c;
  c.request.intent = "nowhere";
  EXPECT_FALSE(matches("queue(request.intent).online == 0", c));
  c.request.intent = "a";
  EXPECT_TRUE(matches("queue(request.intent).online == 0", c));
}

TEST(conditions, match_first_come_first) {
  const auto rules =
      rules_of(deployment_with(R"(  - {name: one, when: member.level > 2, steps: [{group: a}]}
  - {name: two, when: member.level > 1, steps: [{group: b}]}
  - {name: rest, steps: [{group: c}]}
)"));
  customer c;
  EXPECT_EQ(rule_for(*rules, c), "rest");
  c.member(2);
  EXPECT_EQ(rule_for(*rules, c), "two");
  c.member(3);
  EXPECT_EQ(rule_for(*rules, c), "one");
}

}  // namespace
}  // namespace switchboard
