#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// What was under way when the power went: a question to rate the service, an answer of a center
/// that came late.
namespace switchboard::simulation {
namespace {

// ---- the rating

const std::string asks = plain_deployment(1, 2) + "rating: {ask: true, remind_after: 60s}\n";
constexpr std::uint8_t rating_requested = 35;

/// Served and closed, so that the customer is asked.
simulated_customer& asked_to_rate(stage& s) {
  s.everybody_online();
  auto& c = s.opened();
  s.agent(0).close(*c.session());
  s.node.pass(millis{20});
  EXPECT_EQ(s.phase(c), session_phase::closed);
  return c;
}

struct questions {
  int asked = 0, reminders = 0;
  bool operator==(const questions&) const = default;
};
std::ostream& operator<<(std::ostream& out, const questions& q) {
  return out << q.asked << " asked, " << q.reminders << " reminders";
}
questions put_to(stage& s, const simulated_customer& c) {
  questions q;
  for (auto& e : s.node.truth().find(*c.session())->transcript) {
    if (e.kind != rating_requested) continue;
    auto* reminder = wire_map(e.open_part).find("reminder");
    (reminder && reminder->via.boolean ? q.reminders : q.asked) += 1;
  }
  return q;
}
const questions asked_once{1, 0}, and_reminded{1, 1};

void look_into(stage& s, const simulated_customer& c) {
  session_call m;
  m.method = session_method::status;
  m.session = *c.session();
  m.by = {"customer", "app", ""};
  s.node.to_session(std::move(m));
  s.node.settle();
}

TEST(a_question_to_rate, is_reminded_of_at_its_time_and_once_whenever_the_power_went) {
  stage s(asks);
  auto& c = asked_to_rate(s);
  s.node.pass(millis{20'000});
  s.restart();
  s.node.pass(millis{39'000});
  EXPECT_EQ(put_to(s, c), asked_once);
  s.node.pass(millis{2'000});
  EXPECT_EQ(put_to(s, c), and_reminded);
  s.restart();
  look_into(s, c);
  s.node.pass(millis{300'000});
  EXPECT_EQ(put_to(s, c), and_reminded);
  s.check();
}

TEST(a_question_to_rate, is_reminded_of_at_the_start_where_its_time_came_while_all_was_dark) {
  stage s(asks);
  auto& c = asked_to_rate(s);
  s.node.pass(millis{20'000});
  s.restart(millis{60'000});
  s.node.pass(millis{1'000});
  EXPECT_EQ(put_to(s, c), and_reminded);
  s.check();
}

TEST(a_question_to_rate, is_not_reminded_of_when_its_time_is_long_past) {
  stage s(asks);
  auto& c = asked_to_rate(s);
  s.node.pass(millis{20'000});
  s.restart(millis{3'600'000});
  s.node.pass(millis{1'000});
  EXPECT_EQ(put_to(s, c), asked_once);
  // Nor by somebody who reads what was said.
  look_into(s, c);
  s.node.pass(millis{300'000});
  EXPECT_EQ(put_to(s, c), asked_once);
  s.check();
}

TEST(a_question_to_rate, that_was_answered_before_the_power_went_is_not_put_again) {
  stage s(asks);
  auto& c = asked_to_rate(s);
  session_call m;
  m.method = session_method::rate;
  m.session = *c.session();
  m.by = {"customer", "app", ""};
  m.number = 5;
  s.node.to_session(std::move(m));
  s.node.settle();
  s.restart();
  s.node.pass(millis{120'000});
  EXPECT_EQ(put_to(s, c), asked_once);
  s.check();
}

TEST(a_question_to_rate, keeps_its_session_in_memory_no_longer_than_it_waits_also_after_a_start) {
  stage s(asks);
  asked_to_rate(s);
  s.restart();
  s.node.pass(millis{200});
  EXPECT_EQ(s.node.node_().directory().sessions.size(), 1u);
  s.node.pass(millis{120'000});
  EXPECT_EQ(s.node.node_().directory().sessions.size(), 0u);
}

// ---- a late finding

const std::string by_level = R"(
groups: [{id: general}, {id: vip}, {id: last}]
agents: [{id: a, groups: [general, vip, last], capacity: 1}]
channels: [{id: app}]
rules:
  - {name: important, when: member.level >= 5, steps: [{group: vip}]}
  - {name: all, steps: [{group: general, wait: 5s}, {group: last}]}
)";
const channel_customer important{.phone = "13800000005", .member_id = "m5"};

std::vector<group_id> places(stage& s, const simulated_customer& c) {
  return s.state(c).dispatch->groups;
}

/// Waits by what little was found in time.
simulated_customer& waits_unknown(stage& s) {
  s.node.schedule().hold_up("center");
  auto& c = s.customer("app", important);
  c.open();
  s.node.pass(millis{400});
  EXPECT_EQ(places(s, c), std::vector{group_id{"general"}});
  return c;
}

TEST(a_late_finding, is_asked_for_again_when_the_power_went_before_it_came) {
  stage s(by_level);
  auto& c = waits_unknown(s);
  s.restart();
  s.node.pass(millis{100});
  EXPECT_EQ(places(s, c), std::vector{group_id{"vip"}});
  s.check();
}

TEST(a_late_finding, that_had_come_but_was_not_durable_is_asked_for_again) {
  stage s(by_level);
  auto& c = waits_unknown(s);
  s.node.quick_disk = false;
  s.node.schedule().let_all_go();
  s.node.settle();
  ASSERT_EQ(places(s, c), std::vector{group_id{"vip"}});
  s.restart();
  s.node.quick_disk = true;
  s.node.pass(millis{100});
  EXPECT_EQ(places(s, c), std::vector{group_id{"vip"}});
  s.check();
}

TEST(a_late_finding, asked_for_again_in_vain_leaves_a_waiter_in_its_step) {
  stage s(by_level);
  s.node.centers().broken = true;
  auto& c = s.customer("app", important);
  c.open();
  s.node.pass(millis{6'000});
  ASSERT_EQ(places(s, c), std::vector{group_id{"last"}});
  s.restart();
  s.node.pass(millis{2'000});
  EXPECT_EQ(places(s, c), std::vector{group_id{"last"}});
  s.restart();
  s.node.centers().broken = false;
  s.node.pass(millis{70'000});
  EXPECT_EQ(places(s, c), std::vector{group_id{"last"}}) << "nobody asks a third time";
  s.restart();
  s.node.pass(millis{100});
  EXPECT_EQ(places(s, c), std::vector{group_id{"vip"}}) << "but each start does";
  s.check();
}

}  // namespace
}  // namespace switchboard::simulation
