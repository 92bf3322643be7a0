#include "runtime/base/timer_wheel.hpp"

#include <deque>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using entries = std::deque<timer_wheel::entry>;

TEST(timer_wheel, fires_never_early_and_less_than_two_ticks_late_however_far_ahead) {
  std::mt19937_64 rng(7);
  auto t0 = from_unix_ms(1'700'000'000'003);
  timer_wheel wheel(t0);
  entries all(3000);
  std::map<timer_wheel::entry*, timestamp> armed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto when = t0 + millis{static_cast<std::int64_t>(rng() % (1ull << (3 + i % 26)))};
    armed[&all[i]] = when;
    wheel.arm(all[i], when);
  }
  std::vector<timer_wheel::entry*> due;
  for (auto t = t0; wheel.size() > 0; t += millis{1 + static_cast<std::int64_t>(rng() % 20'000)}) {
    due.clear();
    wheel.advance(t, due);
    for (auto* who : due) {
      ASSERT_LE(armed.at(who), t) << "fired early";
      armed.erase(who);
    }
    for (auto& [who, when] : armed)
      ASSERT_GT(when + timer_wheel::tick + timer_wheel::tick, t) << "fired late";
  }
  EXPECT_TRUE(armed.empty());
}

/// What is armed anew, earlier or later, or cancelled, against a map of times.
TEST(timer_wheel, goes_by_the_time_that_was_armed_last) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 rng(seed);
    auto t = from_unix_ms(1'700'000'000'000 + static_cast<std::int64_t>(rng() % 100'000));
    timer_wheel wheel(t);
    entries all(200);
    std::map<timer_wheel::entry*, timestamp> armed;
    std::vector<timer_wheel::entry*> due;
    for (int step = 0; step < 5'000; ++step) {
      auto& e = all[rng() % all.size()];
      if (rng() % 4 == 0) {
        wheel.cancel(e);
        armed.erase(&e);
      } else {
        auto when = t + millis{static_cast<std::int64_t>(rng() % (1ull << (rng() % 24)))};
        wheel.arm(e, when);
        armed[&e] = when;
      }
      ASSERT_EQ(wheel.size(), armed.size());
      if (rng() % 8 != 0) continue;
      t += millis{static_cast<std::int64_t>(rng() % (1ull << (rng() % 16)))};
      due.clear();
      wheel.advance(t, due);
      for (auto* who : due) {
        ASSERT_FALSE(who->armed());
        ASSERT_TRUE(armed.contains(who)) << "seed " << seed << ": fired though it was cancelled";
        ASSERT_LE(armed.at(who), t) << "seed " << seed << ": fired early";
        armed.erase(who);
      }
      for (auto& [who, when] : armed) {
        ASSERT_TRUE(who->armed());
        ASSERT_GT(when + 2 * timer_wheel::tick, t) << "seed " << seed << ": fired late";
      }
    }
    due.clear();
    wheel.take_all(due);
    EXPECT_EQ(due.size(), armed.size()) << "seed " << seed;
    EXPECT_EQ(wheel.size(), 0u);
    EXPECT_FALSE(wheel.sleep_until());
  }
}

TEST(timer_wheel, sleeps_no_longer_than_its_first_entry) {
  auto t0 = from_unix_ms(1'000'000);
  for (int ahead : {1, 9, 100, 2047, 2048, 5000, 600'000, 90'000'000}) {
    timer_wheel wheel(t0);
    EXPECT_FALSE(wheel.sleep_until());
    timer_wheel::entry e;
    wheel.arm(e, t0 + millis{ahead});
    std::vector<timer_wheel::entry*> due;
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
