// A floor far below what is measured (store_bench): it fails when appending has become slow by an
// order of magnitude.
#include <thread>

#include <gtest/gtest.h>

#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

TEST(throughput, of_four_threads_is_above_fifty_thousand_durable_records_a_second) {
  constexpr position records = 100'000;
  scratch_dir dir;
  hand_clock clock;
  auto s = must_open(small_store(dir.path("s"), clock), {std::make_shared<counting_projection>()});
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> pool;
    for (int t = 0; t < 4; ++t) {
      pool.emplace_back([&] {
        const auto r = sample_record(1);
        for (position n = 0; n < records / 4; ++n) s->journal().append(r);
      });
    }
  }
  ASSERT_TRUE(wait_durable(s->journal(), records));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(sanitized ? 20 : 2));
  ASSERT_TRUE(s->wait_projected(records, millis{10'000}));
  EXPECT_EQ(counted(s->state(), "key1"), records);
  EXPECT_LT(s->stats().commits, records / 10) << "commits are not shared";
}

}  // namespace
}  // namespace switchboard::store
