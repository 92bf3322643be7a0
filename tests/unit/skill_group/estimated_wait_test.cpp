#include "actors/skill_group/estimated_wait.hpp"

#include <cmath>
#include <queue>

#include <gtest/gtest.h>

#include "group_fixture.hpp"

namespace switchboard::test {
namespace {

TEST(estimated_wait, is_nothing_without_data_or_without_agents) {
  group_fixture f;
  f.enter(waiting(1));
  EXPECT_FALSE(f.dispatcher.eta(session(1), f.now));
  EXPECT_FALSE(f.dispatcher.eta_at(3, f.now));
  backlog_rate rate;
  rate.advance(start, 1, true);
  for (int i = 1; i <= 20; ++i) {
    rate.advance(start + millis{1'000 * i}, 1, true);
    rate.departed();
  }
  EXPECT_TRUE(rate.until(1, 1));
  EXPECT_FALSE(rate.until(1, 0));
}

TEST(estimated_wait, is_zero_while_somebody_could_take_it_now) {
  group_fixture f;
  f.agent("a", 1);
  EXPECT_EQ(f.dispatcher.eta_at(1, f.now), wait_estimate{});
  f.enter(waiting(1));
  EXPECT_EQ(f.dispatcher.eta(session(1), f.now), wait_estimate{});
}

TEST(estimated_wait, quantiles_of_f_are_those_of_the_tables) {
  // Closed form for k = 1: F(2, 2m) at p is m·((1−p)^(−1/m) − 1).
  for (double m : {8.0, 30.0, 200.0}) {
    EXPECT_NEAR(f_quantile(1, m, 0) / (m * (std::pow(0.5, -1 / m) - 1)), 1, 0.02) << m;
    EXPECT_NEAR(f_quantile(1, m, 1.2816) / (m * (std::pow(0.1, -1 / m) - 1)), 1, 0.02) << m;
  }
  // F(20, 20) at 0.90 (Abramowitz and Stegun, table 26.9).
  EXPECT_NEAR(f_quantile(10, 10, 1.2816), 1.794, 0.01);
}

/// An M/M/n queue on the dispatcher: sessions come by a Poisson process, each holds one place for
/// an exponential time. Answers the share of waits that ended within the p90, and the p50, told
/// when the session had just been blocked.
struct calibration {
  int told = 0, within_p50 = 0, within_p90 = 0;
};

calibration simulate(std::uint64_t seed, int agents, double load, double mean_service_ms) {
  group_fixture f;
  std::mt19937_64 world(seed);
  std::exponential_distribution<double> service(1 / mean_service_ms);
  std::exponential_distribution<double> arrival(load * agents / mean_service_ms);
  for (int a = 0; a < agents; ++a) f.agent("a" + std::to_string(a), 1);
  using end = std::pair<double, std::string>;
  std::priority_queue<end, std::vector<end>, std::greater<>> ends;
  std::map<int, std::pair<double, wait_estimate>> promised;
  calibration c;
  double t = 0, next_arrival = arrival(world);
  int n = 0;
  while (n < 12'000) {
    bool comes = ends.empty() || next_arrival < ends.top().first;
    t = comes ? next_arrival : ends.top().first;
    f.now = start + millis{static_cast<std::int64_t>(t)};
    if (comes) {
      auto entry = waiting(++n);
      entry.opened_at = f.now;
      f.enter(entry);
      next_arrival = t + arrival(world);
    } else {
      f.set_used(ends.top().second, 0);
      ends.pop();
    }
    for (auto& [who, name] : f.serve_all()) {
      ends.emplace(t + service(world), name);
      auto p = promised.find(who);
      if (p == promised.end()) continue;
      ++c.told;
      c.within_p50 += t - p->second.first <= static_cast<double>(p->second.second.p50_ms);
      c.within_p90 += t - p->second.first <= static_cast<double>(p->second.second.p90_ms);
      promised.erase(p);
    }
    if (comes && f.dispatcher.contains(session(n))) {
      if (auto e = f.dispatcher.eta(session(n), f.now)) promised[n] = {t, *e};
    }
  }
  return c;
}

TEST(estimated_wait, is_calibrated_on_queues_with_one_few_and_many_servers) {
  struct setting {
    int agents;
    double load;
  };
  for (auto s : {setting{1, 0.8}, setting{5, 0.9}, setting{20, 0.95}, setting{20, 1.0}}) {
    calibration all;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      auto c = simulate(seed, s.agents, s.load, 60'000);
      all.told += c.told;
      all.within_p50 += c.within_p50;
      all.within_p90 += c.within_p90;
    }
    ASSERT_GT(all.told, 1'000);
    double p50 = 100.0 * all.within_p50 / all.told, p90 = 100.0 * all.within_p90 / all.told;
    RecordProperty("p90_" + std::to_string(s.agents), std::to_string(p90));
    std::printf("%d agents at load %.2f: %.1f %% within p50, %.1f %% within p90 of %d\n", s.agents,
                s.load, p50, p90, all.told);
    EXPECT_GT(p90, 85) << s.agents << " agents";
    EXPECT_LT(p90, 95) << s.agents << " agents";
    EXPECT_NEAR(p50, 50, 8) << s.agents << " agents";
  }
}

TEST(estimated_wait, a_rare_skill_nobody_frees_for_does_not_slow_everybodys_estimate) {
  group_fixture f;
  for (int a = 0; a < 10; ++a) f.agent("a" + std::to_string(a), 1, 1);
  f.agent("k", 1, 1).skills = {{"klingon", 1}};
  f.tell("k");
  auto rare = waiting(1);
  rare.need.skills = {{"klingon", 1}};
  f.enter(rare);
  int n = 1;
  for (int i = 0; i < 3; ++i) f.enter(waiting(++n));
  f.next();
  // One of the ten frees every second, and another session comes: 0.1 departures per agent and
  // second.
  for (int s = 1; s <= 100; ++s) {
    f.now = start + millis{1'000 * s};
    f.set_used("a" + std::to_string(s % 10), 0);
    ASSERT_EQ(f.serve_all().size(), 1u);
    auto c = waiting(++n);
    c.opened_at = f.now;
    f.enter(c);
    f.next();
  }
  auto general = f.dispatcher.eta(session(n), f.now);
  ASSERT_TRUE(general);
  EXPECT_NEAR(static_cast<double>(general->p50_ms), 3'000, 1'500);
  // The one agent for the rare skill frees as often as any: once in ten seconds.
  auto rarely = f.dispatcher.eta(session(1), f.now);
  EXPECT_NEAR(static_cast<double>(rarely->p50_ms), 7'000, 3'000);
}

}  // namespace
}  // namespace switchboard::test
