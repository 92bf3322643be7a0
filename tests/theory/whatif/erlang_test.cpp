#include <gtest/gtest.h>

#include "queueing_formulas.hpp"
#include "theory_model.hpp"

namespace switchboard::theory {
namespace {

struct setting {
  int agents;
  double load;
  // Of the recursion: the busier, the longer a busy spell; a hundred agents at 0.8 let hardly
  // anybody wait.
  double sessions;
};

deployment_model mm_n(const setting& s, double patience_ms = 0) {
  auto m = model_of(one_group(s.agents) + everyone);
  m.requests = {class_of("all", s.load, s.agents)};
  if (patience_ms > 0) {
    m.requests[0].patience = whatif::span_law{whatif::law_shape::exponential, patience_ms};
  }
  return m;
}

/// The recursion over a model's own arrivals, in batches.
struct long_run {
  std::vector<double> waits, gone;
};

long_run recursion_over(const deployment_model& m, int agents) {
  constexpr std::size_t batches = 30;
  long_run out;
  whatif::arrival_source arrivals(m);
  fifo_recursion queue(agents);
  const auto batch_ms = m.length.count() / static_cast<std::int64_t>(batches + 1);
  double sum = 0, gone = 0, n = 0;
  std::int64_t end = batch_ms;
  bool first = true;  // it begins empty: not counted
  for (; const auto* a = arrivals.peek(); arrivals.pop()) {
    if (a->at_ms >= end && n > 0) {
      if (!first) {
        out.waits.push_back(sum / n);
        out.gone.push_back(gone / n);
      }
      first = false;
      sum = gone = n = 0;
      end += batch_ms;
    }
    const auto w = queue.wait(*a);
    sum += static_cast<double>(w < 0 ? -w - 1 : w);
    gone += w < 0;
    ++n;
  }
  return out;
}

/// The simulator's waits less the recursion's over the same arrivals, session by session.
void expect_same_waits(deployment_model m, int agents) {
  last_for(m, 12'000);
  m.seed = 77;
  std::vector<std::int64_t> expected, waits;
  whatif::arrival_source arrivals(m);
  fifo_recursion queue(agents);
  for (; const auto* a = arrivals.peek(); arrivals.pop()) expected.push_back(queue.wait(*a));
  waits.assign(expected.size(), -1);
  whatif::run_options options;
  options.accepted = [&](std::uint64_t number, std::int64_t wait) { waits.at(number) = wait; };
  const auto r = whatif::run_model(m, options);
  ASSERT_EQ(r.simulated, expected.size());
  std::size_t different = 0, waited = 0;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    different += std::max<std::int64_t>(expected[i], -1) != waits[i];
    waited += waits[i] > 0;
  }
  EXPECT_EQ(different, 0u);
  EXPECT_GT(waited, waits.size() / 100);
}

constexpr setting settings[] = {{5, 0.8, 1e6},   {5, 0.9, 1.5e6},  {5, 0.95, 3e6},
                                {20, 0.8, 1e6},  {20, 0.9, 1.5e6}, {20, 0.95, 3e6},
                                {100, 0.8, 1e7}, {100, 0.9, 2e6},  {100, 0.95, 2e6}};

TEST(queueing_theory, each_session_waits_as_the_recursion_for_fifo_servers_says) {
  for (const auto& s : settings) {
    SCOPED_TRACE(std::to_string(s.agents) + " agents at " + std::to_string(s.load));
    expect_same_waits(mm_n(s), s.agents);
  }
}

/// Together with the test before: the simulator's waits are the recursion's, and these are
/// Erlang's.
TEST(queueing_theory, mean_waits_are_those_of_erlang_c) {
  for (const auto& s : settings) {
    auto m = mm_n(s);
    last_for(m, s.sessions);
    m.seed = static_cast<std::uint64_t>(100 * s.agents + 1000 * s.load);
    const auto found = interval_of(recursion_over(m, s.agents).waits);
    const double told =
        mm_n_wait(s.agents, s.load * s.agents / mean_service_ms, 1 / mean_service_ms);
    std::printf("%3d agents at %.2f: wait %.1f s within %.1f s of %.1f s\n", s.agents, s.load,
                found.mean / 1000, found.half / 1000, told / 1000);
    EXPECT_TRUE(found.holds(told)) << s.agents << " at " << s.load;
    EXPECT_LT(found.half, told * 0.25);
  }
}

/// The simulator alone, where its own runs are precise enough.
TEST(queueing_theory, the_simulators_own_means_hold_erlang_c) {
  const setting s{20, 0.9, 0};
  std::vector<double> waits, delayed;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto m = mm_n(s);
    last_for(m, 6'000);
    m.warm_up = m.length / 6;
    m.seed = seed;
    const auto r = whatif::run_model(m);
    waits.push_back(r.all.wait.mean_ms());
    delayed.push_back(whatif::traffic::share(r.all.wait.above_zero(), r.all.wait.count()));
  }
  const double told = mm_n_wait(20, 18 / mean_service_ms, 1 / mean_service_ms);
  EXPECT_TRUE(interval_of(waits).holds(told));
  EXPECT_TRUE(interval_of(delayed).holds(erlang_c(20, 18)));
  EXPECT_LT(interval_of(delayed).half, 0.12);
}

TEST(queueing_theory, with_patience_waits_and_abandonment_are_those_of_erlang_a) {
  const setting with_patience[] = {{5, 0.9, 4e5}, {20, 0.95, 4e5}, {20, 1.1, 4e5}, {100, 1.0, 4e5}};
  for (const auto& s : with_patience) {
    SCOPED_TRACE(std::to_string(s.agents) + " agents at " + std::to_string(s.load));
    auto m = mm_n(s, mean_service_ms / 2);
    expect_same_waits(m, s.agents);
    last_for(m, s.sessions);
    const auto run = recursion_over(m, s.agents);
    const auto told = erlang_a_of(s.agents, s.load * s.agents / mean_service_ms,
                                  1 / mean_service_ms, 2 / mean_service_ms);
    const auto gone = interval_of(run.gone), wait = interval_of(run.waits);
    std::printf("%3d agents at %.2f: abandoned %.2f %% within %.2f of %.2f %%\n", s.agents, s.load,
                100 * gone.mean, 100 * gone.half, 100 * told.abandoned);
    EXPECT_TRUE(gone.holds(told.abandoned));
    EXPECT_TRUE(wait.holds(told.wait));
    EXPECT_LT(gone.half, told.abandoned * 0.2);
  }
}

}  // namespace
}  // namespace switchboard::theory
