#include <cmath>

#include <gtest/gtest.h>

#include "model_fixture.hpp"
#include "tools/whatif/arrival_source.hpp"

namespace switchboard::whatif_testing {
namespace {

using whatif::arrival_source;

TEST(arrivals, come_as_a_poisson_process_whose_rate_follows_the_hour) {
  auto m = model_of(
      "length: 100d\nrequests: [{name: r, handle: 5m, per_hour: "
      "[30, 30, 30, 30, 30, 30, 60, 60, 60, 60, 60, 60, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9]}]\n");
  std::vector<double> in_hour(24);
  double handles = 0, squares = 0, n = 0;
  std::int64_t before = 0;
  for (arrival_source all(m); const auto* a = all.peek(); all.pop()) {
    ++in_hour[static_cast<std::size_t>(a->at_ms / 3'600'000 % 24)];
    handles += a->handle_ms;
    squares += a->handle_ms * a->handle_ms;
    ++n;
    ASSERT_GE(a->at_ms, before);
    before = a->at_ms;
  }
  for (std::size_t h = 0; h < 24; ++h) {
    const double rate = h < 6 ? 30 : h < 12 ? 60 : h < 18 ? 0 : 9;
    // Counts of 100 hours: five deviations.
    EXPECT_NEAR(in_hour[h], rate * 100, 5 * std::sqrt(rate * 100)) << h;
  }
  const double mean = handles / n;
  EXPECT_NEAR(mean, 300'000, 300'000 * 4 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n - mean * mean) / mean, 1, 0.05);
}

TEST(arrivals, gaps_are_exponential_and_do_not_depend_on_the_gap_before) {
  auto m = model_of("length: 200d\nrequests: [{name: r, handle: 5m, per_hour: 20}]\n");
  double sum = 0, squares = 0, with_next = 0, n = 0, last = 0;
  std::int64_t before = 0;
  for (arrival_source all(m); const auto* a = all.peek(); all.pop(), ++n) {
    const auto gap = static_cast<double>(a->at_ms - before) / 180'000;
    before = a->at_ms;
    sum += gap;
    squares += gap * gap;
    with_next += (gap - 1) * (last - 1);
    last = gap;
  }
  EXPECT_NEAR(sum / n, 1, 0.015);
  EXPECT_NEAR(squares / n, 2, 0.08);
  EXPECT_NEAR(with_next / n, 0, 0.015);
}

TEST(arrivals, are_the_same_for_the_same_seed_and_others_for_another) {
  auto m = model_of("length: 4h\nrequests: [{name: r, handle: 5m, per_hour: 50}]\n");
  auto first_of = [&](std::uint64_t seed) {
    m.seed = seed;
    const auto* a = arrival_source(m).peek();
    return std::pair(a->at_ms, a->handle_ms);
  };
  EXPECT_EQ(first_of(1), first_of(1));
  EXPECT_NE(first_of(1), first_of(2));
}

TEST(arrivals, of_one_kind_stay_when_another_kind_is_added) {
  const std::string one = "length: 4h\nrequests: [{name: r, handle: 5m, per_hour: 50}";
  const auto alone = model_of(one + "]\n"),
             both = model_of(one + ", {name: s, handle: 1m, per_hour: 80}]\n");
  arrival_source a(alone), b(both);
  for (; a.peek(); a.pop()) {
    while (b.peek() && b.peek()->of != 0) b.pop();
    ASSERT_TRUE(b.peek());
    ASSERT_EQ(a.peek()->key, b.peek()->key);
    ASSERT_EQ(a.peek()->at_ms, b.peek()->at_ms);
    b.pop();
  }
}

TEST(span_laws, have_the_mean_and_the_deviation_they_say) {
  for (auto law : {whatif::span_law{whatif::law_shape::exponential, 1000},
                   whatif::span_law{whatif::law_shape::lognormal, 1000, 0.7},
                   whatif::span_law{whatif::law_shape::fixed, 1000}}) {
    double sum = 0, squares = 0;
    constexpr int n = 200'000;
    for (std::uint64_t i = 0; i < n; ++i) {
      const double x = law.span_ms(whatif::chance(i, 1), whatif::chance(i, 2));
      sum += x;
      squares += x * x;
    }
    const double mean = sum / n, cv = std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean;
    const double wanted = law.shape == whatif::law_shape::lognormal     ? 0.7
                          : law.shape == whatif::law_shape::exponential ? 1.0
                                                                        : 0.0;
    EXPECT_NEAR(mean, 1000, 15);
    EXPECT_NEAR(cv, wanted, 0.02);
  }
}

}  // namespace
}  // namespace switchboard::whatif_testing
