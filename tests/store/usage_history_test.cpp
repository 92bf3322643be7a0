#include "runtime/store/usage_history.hpp"

#include <gtest/gtest.h>

namespace switchboard::store {
namespace {

constexpr timestamp begin = from_unix_ms(1'700'000'000'000);
constexpr millis hour{3'600'000}, day = 24 * hour;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;

usage_history growing(int hours, std::uint64_t from, std::uint64_t an_hour) {
  usage_history h;
  for (int i = 0; i <= hours; ++i) h.note(begin + i * hour, from + std::uint64_t(i) * an_hour);
  return h;
}

TEST(usage_history, tells_in_how_many_days_a_map_is_full_at_the_rate_of_the_last_days) {
  auto h = growing(48, 10 * gib, gib / 24);
  ASSERT_TRUE(h.days_until(22 * gib));
  EXPECT_NEAR(*h.days_until(22 * gib), 10, 0.01);
  EXPECT_EQ(h.days_until(5 * gib), 0.0);
}

TEST(usage_history, guesses_nothing_before_a_day_is_known_or_while_nothing_grows) {
  EXPECT_FALSE(usage_history().days_until(gib));
  EXPECT_FALSE(growing(23, 0, 1 << 20).days_until(gib));
  EXPECT_FALSE(growing(48, 0, 0).days_until(gib));
  auto shrinks = growing(48, gib, 0);
  shrinks.note(begin + 49 * hour, 10);
  EXPECT_FALSE(shrinks.days_until(gib));
}

TEST(usage_history, is_due_every_hour_and_keeps_the_last_days_alone) {
  usage_history h;
  EXPECT_TRUE(h.due(begin));
  h.note(begin, 1);
  EXPECT_FALSE(h.due(begin + hour - millis{1}));
  EXPECT_TRUE(h.due(begin + hour));
  // The rate of long ago is forgotten.
  auto old = growing(24, 0, gib);
  for (int i = 25; i <= 24 * 10; ++i) old.note(begin + i * hour, 24 * gib);
  EXPECT_FALSE(old.days_until(100 * gib));
}

TEST(usage_history, begins_anew_with_a_clock_set_back_and_comes_back_from_its_bytes) {
  auto h = growing(48, 0, 1 << 20);
  EXPECT_TRUE(h.due(begin - day));
  EXPECT_EQ(usage_history::decode(h.encode()).days_until(gib), h.days_until(gib));
  h.note(begin - day, 5);
  EXPECT_FALSE(h.days_until(gib));
  EXPECT_TRUE(usage_history::decode("12345").due(begin));
}

}  // namespace
}  // namespace switchboard::store
