#include "tools/simulation/business_hours.hpp"

#include <gtest/gtest.h>

#include "actors/router/opening_hours.hpp"
#include "config/dispatch_loader.hpp"
#include "tools/simulation/deployments.hpp"
#include "tools/simulation/virtual_time.hpp"

/// The hours that runs keep: that their edges fall into a run, and that groups and checkers, who
/// reckon them apart, agree about each.
namespace switchboard::simulation {
namespace {

constexpr millis half_hour{30 * 60'000}, step{20'000};

TEST(business_hours, groups_and_checkers_agree_around_every_edge_in_every_zone) {
  int looked = 0, edges = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto usual = virtual_clock().wall();
    const business_hours hours(seed, usual);
    if (!hours.kept()) continue;
    const auto all = config::parse_dispatch(hours.kept_by(mixed_deployment(), unsigned(seed)));
    ASSERT_TRUE(all) << config::to_string(all.error());
    const auto begins = usual + hours.wall_ahead();
    for (auto& g : all->groups) {
      if (g.calendar.empty()) continue;
      auto edge = next_change(*all, g, begins - half_hour);
      for (auto t = begins - half_hour; t < begins + half_hour; t += step) {
        const bool open = group_open(*all, g.id, t);
        ASSERT_EQ(open, !out_of_hours(*all, g.id, t)) << g.calendar << " of " << hours.zone();
        ++looked;
        if (!edge || *edge > t) continue;
        // The group wakes for it: just before it the hours were others.
        ASSERT_EQ(out_of_hours(*all, g.id, *edge - millis{1}), open) << g.calendar;
        ++edges;
        edge = next_change(*all, g, t);
      }
    }
  }
  EXPECT_GT(looked, 10'000);
  EXPECT_GT(edges, 100);
}

TEST(business_hours, begin_a_run_less_than_a_minute_before_something_changes) {
  int kept = 0, in_a_minute = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto usual = virtual_clock().wall();
    const business_hours hours(seed, usual);
    if (!hours.kept()) continue;
    ++kept;
    const auto all = config::parse_dispatch(hours.kept_by(mixed_deployment(), unsigned(seed)));
    ASSERT_TRUE(all) << config::to_string(all.error());
    const auto begins = usual + hours.wall_ahead();
    const bool changes = std::ranges::any_of(all->groups, [&](auto& g) {
      const auto next = next_change(*all, g, begins);
      return next && *next < begins + millis{60'000};
    });
    in_a_minute += changes ? 1 : 0;
  }
  EXPECT_GT(kept, 80);
  EXPECT_GT(in_a_minute, kept / 2);
}

}  // namespace
}  // namespace switchboard::simulation
