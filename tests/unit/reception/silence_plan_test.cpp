#include "actors/reception/silence_plan.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);
constexpr millis minute{60'000};

config::session_policy ten_minutes() {
  config::session_policy p;
  p.idle_close = 10 * minute;
  p.idle_warning = 2 * minute;
  p.agent_silence = minute;
  return p;
}

TEST(plan_silence, warns_before_it_closes_and_closes_on_time) {
  silence_view v{t0, {}, {}, {}};
  auto early = plan_silence(v, ten_minutes(), t0);
  EXPECT_FALSE(early.warn);
  EXPECT_EQ(early.next, t0 + 8 * minute);
  auto warning = plan_silence(v, ten_minutes(), t0 + 8 * minute);
  EXPECT_TRUE(warning.warn);
  EXPECT_FALSE(warning.close);
  EXPECT_EQ(warning.closes_at, t0 + 10 * minute);
  v.warned_at = t0 + 8 * minute;
  auto warned = plan_silence(v, ten_minutes(), t0 + 9 * minute);
  EXPECT_FALSE(warned.warn);
  EXPECT_EQ(warned.next, t0 + 10 * minute);
  EXPECT_TRUE(plan_silence(v, ten_minutes(), t0 + 10 * minute).close);
}

TEST(plan_silence, a_word_after_the_warning_starts_it_all_again) {
  silence_view v{t0 + 9 * minute, {}, t0 + 8 * minute, {}};
  auto plan = plan_silence(v, ten_minutes(), t0 + 9 * minute);
  EXPECT_FALSE(plan.warn);
  EXPECT_EQ(plan.next, t0 + 17 * minute);
}

TEST(plan_silence, an_unanswered_customer_is_told_once_that_it_takes_time) {
  silence_view v{t0, t0, {}, {}};
  EXPECT_EQ(plan_silence(v, ten_minutes(), t0).next, t0 + minute);
  EXPECT_TRUE(plan_silence(v, ten_minutes(), t0 + minute).tell_silence);
  v.silence_told_at = t0 + minute;
  EXPECT_FALSE(plan_silence(v, ten_minutes(), t0 + 2 * minute).tell_silence);
}

TEST(plan_silence, nothing_configured_asks_for_nothing) {
  auto plan = plan_silence({t0, t0, {}, {}}, {}, t0 + 1000 * minute);
  EXPECT_FALSE(plan.close || plan.warn || plan.tell_silence);
  EXPECT_FALSE(plan.next);
}

}  // namespace
}  // namespace switchboard
