#include "adapters/center_http/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

constexpr timestamp start = from_unix_ms(1'000'000);

class breaker : public testing::Test {
 protected:
  void calls(int n, bool succeed) {
    for (int i = 0; i < n; ++i) {
      auto leave = x.admit(now);
      ASSERT_TRUE(leave) << "call " << i;
      x.finished(*leave, succeed, now);
    }
  }
  timestamp now = start;
  circuit_breaker x{{.window = 10,
                     .percent = 50,
                     .pause = millis{1000},
                     .longest_pause = millis{3000},
                     .probes = 2}};
};

TEST_F(breaker, a_single_failure_of_a_quiet_service_does_not_open_it) {
  calls(4, false);
  EXPECT_EQ(x.state(), breaker_state::closed);
  calls(1, false);
  EXPECT_EQ(x.state(), breaker_state::open);
}

TEST_F(breaker, it_judges_the_latest_calls_only) {
  calls(100, true);
  calls(4, false);
  EXPECT_EQ(x.state(), breaker_state::closed);
  EXPECT_EQ(x.recent_failures(), 4);
  calls(1, false);
  EXPECT_EQ(x.state(), breaker_state::open);
}

TEST_F(breaker, nothing_goes_out_while_it_is_open) {
  calls(5, false);
  EXPECT_FALSE(x.admit(now));
  now += millis{999};
  EXPECT_FALSE(x.admit(now));
  EXPECT_EQ(x.retry_at(), start + millis{1000});
}

TEST_F(breaker, after_the_pause_one_probe_goes_at_a_time_and_some_good_ones_close_it) {
  calls(5, false);
  now += millis{1000};
  auto probe = x.admit(now);
  ASSERT_TRUE(probe);
  EXPECT_EQ(x.state(), breaker_state::half_open);
  EXPECT_FALSE(x.admit(now));
  x.finished(*probe, true, now);
  EXPECT_EQ(x.state(), breaker_state::half_open);
  calls(1, true);
  EXPECT_EQ(x.state(), breaker_state::closed);
  EXPECT_EQ(x.recent_failures(), 0);
}

TEST_F(breaker, a_failed_probe_doubles_the_pause_up_to_a_limit) {
  calls(5, false);
  for (int expected : {1000, 2000, 3000, 3000}) {
    EXPECT_EQ(x.retry_at() - x.since(), millis{expected});
    now = x.retry_at();
    calls(1, false);
    EXPECT_EQ(x.state(), breaker_state::open);
  }
}

TEST_F(breaker, once_it_has_closed_the_next_pause_is_short_again) {
  calls(5, false);
  now = x.retry_at();
  calls(1, false);
  now = x.retry_at();
  calls(2, true);
  calls(5, false);
  EXPECT_EQ(x.retry_at() - x.since(), millis{1000});
}

TEST_F(breaker, a_slow_call_of_before_decides_nothing_about_the_probe) {
  auto slow = x.admit(now);
  calls(5, false);
  now += millis{1000};
  auto probe = x.admit(now);
  ASSERT_TRUE(probe);
  x.finished(*slow, false, now);
  EXPECT_EQ(x.state(), breaker_state::half_open);
  EXPECT_FALSE(x.admit(now)) << "the probe is still out";
}

}  // namespace
}  // namespace switchboard::center
