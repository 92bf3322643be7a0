#include "runtime/hosting/busiest.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "runtime/hosting/span_histogram.hpp"

namespace switchboard {
namespace {

TEST(busiest, names_the_few_that_cost_much_among_a_hundred_thousand) {
  busiest b;
  std::mt19937 random(7);
  std::uint64_t all = 0;
  for (int i = 0; i < 200'000; ++i) {
    const bool heavy = i % 5 == 0;  // five actors, 4 % of the work each at least
    const std::uint64_t actor = heavy ? 1 + random() % 5 : 100 + random() % 100'000;
    const std::uint64_t took = heavy ? 50 : 20;
    all += took;
    b.note(actor, actor_kind::session, 1, took, [&] { return std::to_string(actor); });
  }
  auto found = b.take();
  EXPECT_EQ(found.size(), busiest::slots);
  std::ranges::sort(found, std::greater<>(), &busiest::entry::work);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_LE(found[i].actor, 5u);
    EXPECT_EQ(found[i].key, std::to_string(found[i].actor));
    // Each took a fifth of 40,000 × 50; what the slot had before is no more than all by slots.
    EXPECT_NEAR(static_cast<double>(found[i].work - found[i].inherited), 400'000, 40'000);
    EXPECT_LE(found[i].inherited, all / busiest::slots);
  }
  EXPECT_TRUE(b.take().empty());
}

TEST(span_histogram, a_span_lies_between_the_least_of_its_bucket_and_that_of_the_next) {
  for (std::uint64_t ticks = 1; ticks < (std::uint64_t{1} << 37); ticks = ticks * 17 / 16 + 1) {
    const auto i = span_histogram::bucket_of(ticks);
    EXPECT_LE(span_histogram::least_of(i), ticks);
    ASSERT_LT(i + 1, span_histogram::buckets);
    EXPECT_LT(ticks, span_histogram::least_of(i + 1));
  }
  EXPECT_EQ(span_histogram::bucket_of(~std::uint64_t{0}), span_histogram::buckets - 1);
}

}  // namespace
}  // namespace switchboard
