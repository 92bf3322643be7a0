#include <gtest/gtest.h>

#include "queueing_formulas.hpp"
#include "theory_model.hpp"

namespace switchboard::theory {
namespace {

constexpr int kinds = 6, agents = 90;

/// Six kinds of call in equal parts, every agent with `skills` of the six, every combination of
/// neighbours equally often: the contact center of Wallace and Whitt (A staffing algorithm for call
/// centers with skill-based routing, 2005), whose finding is that two skills do nearly what six do.
double mean_wait_with(int skills, double load) {
  std::string text = "groups:\n  - {id: g, queue: {max: 1000000}}\nagents:\n";
  for (int a = 0; a < agents; ++a) {
    // The second skill goes round the other kinds, so that every pair is found.
    const int first = a % kinds, shift = 1 + (a / kinds) % (kinds - 1);
    text += "  - {id: a" + std::to_string(1000 + a) + ", groups: [g], capacity: 1, skills: {";
    for (int k = 0; k < skills; ++k) {
      const int step = skills == 2 ? shift : 1;
      text += (k > 0 ? ", k" : "k") + std::to_string((first + k * step) % kinds) + ": 1";
    }
    text += "}}\n";
  }
  auto m = model_of(text + everyone);
  for (int k = 0; k < kinds; ++k) {
    m.requests.push_back(class_of("k" + std::to_string(k), load / kinds, agents));
    m.requests.back().request.skills = {{"k" + std::to_string(k), 1}};
  }
  last_for(m, 25'000);
  m.warm_up = m.length / 10;
  return whatif::run_model(m).all.wait.mean_ms();
}

TEST(queueing_theory, two_skills_an_agent_come_close_to_full_pooling) {
  constexpr double load = 0.93;
  const double apart = mean_wait_with(1, load), two = mean_wait_with(2, load),
               pooled = mean_wait_with(kinds, load);
  const double told_pooled =
      mm_n_wait(agents, load * agents / mean_service_ms, 1 / mean_service_ms);
  std::printf("mean wait with one skill %.1f s, two %.1f s, six %.1f s (Erlang C %.1f s)\n",
              apart / 1000, two / 1000, pooled / 1000, told_pooled / 1000);
  // Of what pooling gains over six contact centers of 15, two skills gain nine tenths.
  EXPECT_LT(two - pooled, 0.1 * (apart - pooled));
  EXPECT_GT(apart, 4 * pooled);
}

}  // namespace
}  // namespace switchboard::theory
