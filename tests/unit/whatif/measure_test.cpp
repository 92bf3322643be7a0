#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "tools/whatif/event_heap.hpp"
#include "tools/whatif/run_result.hpp"

namespace switchboard::whatif {
namespace {

TEST(event_heap, gives_events_by_time_and_equal_times_in_the_order_they_were_planned) {
  std::mt19937_64 rng(3);
  event_heap heap;
  std::vector<std::pair<std::int64_t, std::uint32_t>> planned;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const auto at = static_cast<std::int64_t>(rng() % 300);
    planned.emplace_back(at, i);
    heap.push(at, event_kind::shift, i);
  }
  std::ranges::stable_sort(planned, {}, &std::pair<std::int64_t, std::uint32_t>::first);
  for (const auto& [at, subject] : planned) {
    ASSERT_EQ(heap.top().at_ms, at);
    ASSERT_EQ(heap.top().subject, subject);
    heap.pop();
  }
  EXPECT_TRUE(heap.empty());
}

TEST(wait_record, quantiles_are_those_of_the_sorted_waits_within_two_thousandths) {
  std::mt19937_64 rng(5);
  std::lognormal_distribution<double> waits(9, 2);
  wait_record record;
  std::vector<double> all;
  for (int i = 0; i < 20'001; ++i) {
    const auto w = static_cast<std::int64_t>(waits(rng));
    record.add(w);
    all.push_back(static_cast<double>(w));
  }
  std::ranges::sort(all);
  for (double share : {0.01, 0.5, 0.9, 0.99}) {
    const auto exact = all[static_cast<std::size_t>(share * 20'001)];
    EXPECT_NEAR(record.quantile_ms(share), exact, exact * 0.002 + 1) << share;
  }
  EXPECT_EQ(record.longest_ms(), static_cast<std::int64_t>(all.back()));
}

TEST(calibration, is_the_plain_share_where_everybody_is_served) {
  calibration c;
  for (int i = 1; i <= 100; ++i) c.add(i * 10, 900, true);
  EXPECT_NEAR(c.within(), 0.90, 0.005);
}

/// Waits even on 0..2 of what was told; half of the customers leave at random before. Left out they
/// would make short waits look common: 0.58 instead of 0.50.
TEST(calibration, who_leaves_early_makes_no_estimate_look_better) {
  std::mt19937_64 rng(9);
  calibration c;
  for (int i = 0; i < 200'000; ++i) {
    const auto wait = static_cast<std::int64_t>(rng() % 20'000),
               patience = static_cast<std::int64_t>(rng() % 20'000);
    c.add(std::min(wait, patience), 10'000, wait <= patience);
  }
  EXPECT_NEAR(c.within(), 0.5, 0.01);
}

TEST(jain_index, is_one_for_equal_shares_and_one_in_n_where_one_has_all) {
  EXPECT_DOUBLE_EQ(jain_index({3, 3, 3, 3}), 1);
  EXPECT_DOUBLE_EQ(jain_index({0, 0, 5, 0}), 0.25);
  EXPECT_DOUBLE_EQ(jain_index({}), 1);
}

}  // namespace
}  // namespace switchboard::whatif
