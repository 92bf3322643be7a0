#include "runtime/base/timer_wheel.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(timer_wheel, fires_never_early_and_at_most_one_tick_late_however_far_ahead) {
  std::mt19937_64 rng(7);
  auto t0 = from_unix_ms(1'700'000'000'003);
  timer_wheel wheel(t0);
  std::map<timer_wheel::token, timestamp> armed;
  for (timer_wheel::token i = 0; i < 3000; ++i) {
    auto when = t0 + millis{static_cast<std::int64_t>(rng() % (1ull << (3 + i % 26)))};
    armed[i] = when;
    wheel.arm(i, when);
  }
  std::vector<timer_wheel::token> due;
  for (auto t = t0; wheel.size() > 0; t += millis{1 + static_cast<std::int64_t>(rng() % 20'000)}) {
    due.clear();
    auto before = armed;
    wheel.advance(t, due);
    for (auto who : due) {
      ASSERT_LE(armed.at(who), t) << "fired early";
      armed.erase(who);
    }
    for (auto& [who, when] : armed) ASSERT_GT(when + timer_wheel::tick + timer_wheel::tick, t) << "fired late";
  }
  EXPECT_TRUE(armed.empty());
}

TEST(timer_wheel, sleeps_no_longer_than_its_first_entry) {
  auto t0 = from_unix_ms(1'000'000);
  for (int ahead : {1, 9, 100, 2047, 2048, 5000, 600'000, 90'000'000}) {
    timer_wheel wheel(t0);
    EXPECT_FALSE(wheel.sleep_until());
    wheel.arm(1, t0 + millis{ahead});
    std::vector<timer_wheel::token> due;
    auto t = t0;
    int naps = 0;
    while (due.empty()) {
      auto until = wheel.sleep_until();
      ASSERT_TRUE(until);
      ASSERT_GT(*until, t);
      t = *until;
      wheel.advance(t, due);
      ASSERT_LT(++naps, 100'000);
    }
    EXPECT_LE(t - (t0 + millis{ahead}), 2 * timer_wheel::tick) << ahead;
    EXPECT_GE(t, t0 + millis{ahead});
  }
}

}  // namespace
}  // namespace switchboard
