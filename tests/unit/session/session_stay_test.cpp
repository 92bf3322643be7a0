#include "actors/session/session_stay.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

constexpr timestamp start = from_unix_ms(1'700'000'000'000);

TEST(session_stay, who_is_not_over_yet_or_has_something_under_way_is_not_let_go) {
  session_stay stay;
  EXPECT_FALSE(stay.let_go(start, 100));
  stay.rest(start, 7);
  ASSERT_TRUE(stay.begin());
  EXPECT_FALSE(stay.let_go(start, 100));
  stay.rest(start, 7);
  EXPECT_TRUE(stay.let_go(start, 100));
}

TEST(session_stay, it_stays_until_it_was_quiet_long_enough_and_all_of_it_can_be_read_back) {
  session_stay stay;
  stay.rest(start + millis{1}, 7);
  EXPECT_FALSE(stay.let_go(start, 7));
  EXPECT_FALSE(stay.let_go(start + millis{1}, 6));
  EXPECT_FALSE(stay.gone());
  EXPECT_TRUE(stay.let_go(start + millis{1}, 7));
  EXPECT_TRUE(stay.gone());
}

TEST(session_stay, who_was_let_go_begins_nothing_any_more) {
  session_stay stay;
  stay.rest(start, 7);
  ASSERT_TRUE(stay.let_go(start, 7));
  EXPECT_FALSE(stay.begin());
  EXPECT_FALSE(stay.begin());
  EXPECT_FALSE(stay.let_go(start, 7)) << "once";
}

/// The session records on one thread, the directory looks on another: what is recorded after it was
/// let go would be lost.
TEST(session_stay, of_a_record_and_a_leave_at_one_moment_one_comes_first) {
  for (int round = 0; round < 2'000; ++round) {
    session_stay stay;
    store::position recorded = 1;  // not atomic: a race on it is the fault looked for
    stay.rest(start, recorded);
    std::thread session([&] {
      for (int i = 0; i < 20 && stay.begin(); ++i) {
        ++recorded;
        stay.rest(start, recorded);
      }
    });
    store::position projected = 1;
    while (!stay.let_go(start, projected)) ++projected;
    const auto at_leave = recorded;
    session.join();
    ASSERT_EQ(recorded, at_leave);
    ASSERT_GE(projected, recorded);
  }
}

}  // namespace
}  // namespace switchboard
