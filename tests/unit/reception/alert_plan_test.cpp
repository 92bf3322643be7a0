#include "actors/reception/alert_plan.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);
constexpr millis second{1000};

config::alert_settings every_half_minute() {
  config::alert_settings s;
  s.unanswered_after = 30 * second;
  s.unanswered_every = 20 * second;
  s.at_most = 3;
  s.escalate_after = 60 * second;
  s.waiting_after = 40 * second;
  return s;
}

/// Asks whenever the plan says so, or every `step`, and tells what was told: "30 agent 1".
std::vector<std::string> told_in(millis length, const config::alert_settings& s,
                                 bool waiting = false) {
  std::vector<std::string> out;
  alert_view v;
  (waiting ? v.waiting_since : v.unanswered_since) = t0;
  for (auto now = t0; now <= t0 + length;) {
    auto plan = plan_alerts(v, s, now);
    for (auto& d : plan.due) {
      out.push_back(std::to_string((now - t0).count() / 1000) + ' ' +
                    std::string(to_string(d.level)) + ' ' + std::to_string(d.times));
      (waiting ? v.waiting : v.unanswered) = {d.times, now, d.level == alert_level::leader};
      EXPECT_EQ(d.since, t0);
    }
    if (!plan.next) break;
    EXPECT_GT(*plan.next, now);
    now = *plan.next;
  }
  return out;
}

using texts = std::vector<std::string>;

TEST(plan_alerts, an_unanswered_customer_is_told_of_again_until_the_limit_and_the_leader_comes_in) {
  EXPECT_EQ(told_in(600 * second, every_half_minute()),
            (texts{"30 agent 1", "50 agent 2", "60 leader 3"}));
}

TEST(plan_alerts, the_leader_hears_even_where_the_agent_s_alerts_are_off) {
  auto s = every_half_minute();
  s.unanswered_after.reset();
  EXPECT_EQ(told_in(600 * second, s), (texts{"60 leader 1"}));
}

TEST(plan_alerts, who_waits_too_long_is_told_to_the_leaders) {
  auto s = every_half_minute();
  EXPECT_EQ(told_in(600 * second, s, true), (texts{"40 leader 1"}));
  s.waiting_every = 60 * second;
  EXPECT_EQ(told_in(600 * second, s, true), (texts{"40 leader 1", "100 leader 2", "160 leader 3"}));
}

TEST(plan_alerts, what_was_told_of_an_earlier_wait_counts_for_nothing) {
  alert_view v;
  v.unanswered = {3, t0 - second, true};
  v.unanswered_since = t0;
  auto plan = plan_alerts(v, every_half_minute(), t0 + 30 * second);
  ASSERT_EQ(plan.due.size(), 1u);
  EXPECT_EQ(plan.due[0], (due_alert{alert_kind::unanswered, alert_level::agent, 1, t0}));
}

TEST(plan_alerts, whatever_was_missed_while_nobody_looked_is_told_once) {
  alert_view v;
  v.unanswered_since = t0;
  auto plan = plan_alerts(v, every_half_minute(), t0 + 3600 * second);
  ASSERT_EQ(plan.due.size(), 1u);
  EXPECT_EQ(plan.due[0].level, alert_level::leader);
}

TEST(plan_alerts, an_answered_customer_costs_nothing) {
  auto plan = plan_alerts({}, every_half_minute(), t0);
  EXPECT_TRUE(plan.due.empty());
  EXPECT_FALSE(plan.next);
}

TEST(laid_over, what_the_upper_says_holds_and_the_rest_shows_through) {
  config::alert_settings agent;
  agent.unanswered_after = 5 * second;
  agent.new_message = true;
  auto s = laid_over(every_half_minute(), agent);
  EXPECT_EQ(s.unanswered_after, 5 * second);
  EXPECT_EQ(s.unanswered_every, 20 * second);
  EXPECT_EQ(s.new_message, true);
}

}  // namespace
}  // namespace switchboard
