#include "adapters/center_http/retry_plan.hpp"

#include <set>

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

constexpr retry_options twice{.most = 2, .pause = millis{40}};
constexpr millis plenty{10'000};

TEST(retry_plan, only_a_failure_is_tried_again) {
  EXPECT_TRUE(next_attempt(twice, attempt_outcome::failed, 0, plenty, 0));
  for (auto of :
       {attempt_outcome::answered, attempt_outcome::refused, attempt_outcome::timed_out}) {
    EXPECT_FALSE(next_attempt(twice, of, 0, plenty, 0));
  }
}

TEST(retry_plan, the_number_of_retries_is_bounded) {
  EXPECT_TRUE(next_attempt(twice, attempt_outcome::failed, 1, plenty, 0));
  EXPECT_FALSE(next_attempt(twice, attempt_outcome::failed, 2, plenty, 0));
  EXPECT_FALSE(next_attempt({.most = 0}, attempt_outcome::failed, 0, plenty, 0));
}

TEST(retry_plan, the_pause_doubles_and_is_different_for_different_callers) {
  std::set<millis> seen;
  for (std::uint64_t random = 0; random < 1000; ++random) {
    auto wait = next_attempt(twice, attempt_outcome::failed, 0, plenty, random);
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, millis{20});
    EXPECT_LE(*wait, millis{40});
    seen.insert(*wait);
    auto second = next_attempt(twice, attempt_outcome::failed, 1, plenty, random);
    EXPECT_GE(*second, millis{40});
    EXPECT_LE(*second, millis{80});
  }
  EXPECT_EQ(seen.size(), 21u);
}

TEST(retry_plan, a_retry_that_could_not_end_before_the_deadline_is_left_out) {
  EXPECT_FALSE(next_attempt(twice, attempt_outcome::failed, 0, millis{29}, 0));
  EXPECT_TRUE(next_attempt(twice, attempt_outcome::failed, 0, millis{30}, 0));
  EXPECT_FALSE(next_attempt(twice, attempt_outcome::failed, 0, millis{-5}, 0));
}

}  // namespace
}  // namespace switchboard::center
