#include <gtest/gtest.h>

#include "theory_model.hpp"

namespace switchboard::theory {
namespace {

struct spread {
  double least = 1e300, most = 0;
  void add(double x) {
    least = std::min(least, x);
    most = std::max(most, x);
  }
  double ratio() const { return most / least; }
};

run_result play(const std::string& strategy, double load, const std::string& capacities = "") {
  auto m = model_of(capacities.empty() ? one_group(10, "strategy: " + strategy) + everyone
                                       : capacities + everyone);
  int capacity = 0;
  for (const auto& a : m.dispatch.agents) capacity += a.capacity;
  m.requests = {class_of("all", load, capacity)};
  last_for(m, 20'000);
  m.warm_up = m.length / 20;
  return whatif::run_model(m);
}

/// Equal agents: as many sessions each, within 2 %; by lot they differ by chance alone (about 2.3 %
/// deviation each), and from the top down the first has far more.
TEST(fairness, longest_idle_gives_equal_agents_equal_work) {
  for (double load : {0.3, 0.7, 0.9}) {
    const auto r = play("longest_idle", load);
    spread accepted, occupancy;
    for (const auto& a : r.agents) {
      accepted.add(static_cast<double>(a.accepted));
      occupancy.add(a.occupancy());
    }
    std::printf("longest_idle at %.1f: accepted %.0f to %.0f, occupancy %.3f to %.3f, jain %.5f\n",
                load, accepted.least, accepted.most, occupancy.least, occupancy.most,
                r.groups[0].fairness);
    EXPECT_GT(r.groups[0].fairness, 0.999) << load;
    EXPECT_LT(accepted.ratio(), 1.10) << load;
    EXPECT_NEAR(occupancy.most, occupancy.least, 0.06) << load;
  }
  EXPECT_LT(play("top_down", 0.3).groups[0].fairness, 0.8);
}

/// Agents of capacity 2 and 6. The strategy compares loads before it gives a session, and one
/// session is half of a small agent and a sixth of a large one: between unequal agents loads lie
/// within half a place of the smaller, between equal ones they are the same.
TEST(fairness, least_loaded_fills_equal_agents_alike_and_others_to_half_a_place) {
  std::string deployment =
      "groups:\n  - {id: g, queue: {max: 1000000}, strategy: least_loaded}\nagents:\n";
  for (int a = 0; a < 8; ++a) {
    deployment += "  - {id: a" + std::to_string(a) +
                  ", groups: [g], capacity: " + std::to_string(a % 2 ? 6 : 2) + "}\n";
  }
  const auto r = play("", 0.7, deployment);
  spread small, large, all;
  for (std::size_t i = 0; i < r.agents.size(); ++i) {
    (i % 2 ? large : small).add(r.agents[i].load());
    all.add(r.agents[i].load());
  }
  std::printf("least_loaded: small %.3f to %.3f, large %.3f to %.3f\n", small.least, small.most,
              large.least, large.most);
  EXPECT_LT(small.most - small.least, 0.03);
  EXPECT_LT(large.most - large.least, 0.03);
  EXPECT_LT(all.most - all.least, 0.25);
}

}  // namespace
}  // namespace switchboard::theory
