#include "adapters/center_http/answer_cache.hpp"

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

constexpr timestamp start = from_unix_ms(1'000'000);

TEST(answer_cache, an_answer_is_fresh_then_stale_then_gone) {
  answer_cache<int> cache({.fresh_for = millis{100}, .stale_for = millis{1000}});
  cache.put("a", 7, 1, start);
  EXPECT_TRUE(cache.find("a", start + millis{99})->fresh);
  auto stale = cache.find("a", start + millis{100});
  ASSERT_TRUE(stale);
  EXPECT_FALSE(stale->fresh);
  EXPECT_EQ(stale->age, millis{100});
  EXPECT_TRUE(cache.find("a", start + millis{1000}));
  EXPECT_FALSE(cache.find("a", start + millis{1001}));
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(answer_cache, a_new_answer_takes_the_place_of_the_old_one) {
  answer_cache<int> cache({.fresh_for = millis{100}});
  cache.put("a", 7, 10, start);
  cache.put("a", 8, 20, start + millis{200});
  EXPECT_EQ(cache.find("a", start + millis{210})->value, 8);
  EXPECT_EQ(cache.find("a", start + millis{210})->age, millis{10});
  EXPECT_EQ(cache.bytes(), 21u);
}

TEST(answer_cache, the_one_least_lately_used_goes_first) {
  answer_cache<int> cache({.entries = 2});
  cache.put("a", 1, 1, start);
  cache.put("b", 2, 1, start);
  EXPECT_TRUE(cache.find("a", start));
  cache.put("c", 3, 1, start);
  EXPECT_TRUE(cache.find("a", start));
  EXPECT_FALSE(cache.find("b", start));
}

TEST(answer_cache, its_bytes_are_bounded_too) {
  answer_cache<int> cache({.bytes = 100});
  cache.put("a", 1, 60, start);
  cache.put("b", 2, 60, start);
  EXPECT_FALSE(cache.find("a", start));
  cache.put("c", 3, 200, start);
  EXPECT_FALSE(cache.find("c", start));
  EXPECT_LE(cache.bytes(), 100u);
}

TEST(answer_cache, with_no_time_to_live_nothing_is_kept) {
  answer_cache<int> cache({.fresh_for = millis{0}, .stale_for = millis{0}});
  cache.put("a", 1, 1, start);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(answer_cache, a_clock_that_is_set_back_makes_no_negative_age) {
  answer_cache<int> cache({});
  cache.put("a", 1, 1, start);
  EXPECT_EQ(cache.find("a", start - millis{500})->age, millis{0});
}

}  // namespace
}  // namespace switchboard::center
