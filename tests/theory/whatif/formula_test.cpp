#include <gtest/gtest.h>

#include "queueing_formulas.hpp"

namespace switchboard::theory {
namespace {

TEST(formulas, are_those_of_the_tables) {
  // One server: C = rho, and M/M/1's wait is rho / (mu - lambda).
  EXPECT_NEAR(erlang_c(1, 0.7), 0.7, 1e-12);
  EXPECT_NEAR(mm_n_wait(1, 0.7, 1), 0.7 / 0.3, 1e-12);
  // Two servers in closed form: C = 2 rho^2 / (1 + rho).
  EXPECT_NEAR(erlang_c(2, 1.6), 2 * 0.64 / 1.8, 1e-12);
  // Erlang B of 10 lines at 5 erlangs (any traffic table).
  EXPECT_NEAR(erlang_b(10, 5), 0.018385, 1e-6);
}

TEST(formulas, erlang_a_lies_between_loss_and_endless_patience) {
  // Patience as long as a service: a birth and death process with rates k mu, which is Poisson.
  const double load = 8;
  double p = std::exp(-load), queue = 0;
  for (int k = 0; k < 200; ++k) {
    if (k > 10) queue += (k - 10) * p;
    p *= load / (k + 1);
  }
  const auto equal = erlang_a_of(10, load, 1, 1);
  EXPECT_NEAR(equal.abandoned, queue / load, 1e-9);
  EXPECT_NEAR(erlang_a_of(10, load, 1, 1e-7).wait, mm_n_wait(10, load, 1), 1e-4);
}

TEST(formulas, priorities_share_out_the_wait_that_all_have_together) {
  // The conservation law (Kleinrock 1965): weighted by the load, priorities change no mean.
  const std::vector<double> rates{1, 2, 1.5};
  const auto waits = priority_waits(5, rates, 1);
  double all = 0;
  for (std::size_t i = 0; i < 3; ++i) all += rates[i] * waits[i];
  EXPECT_NEAR(all / 4.5, mm_n_wait(5, 4.5, 1), 1e-9);
  EXPECT_LT(waits[0], waits[1]);
}

}  // namespace
}  // namespace switchboard::theory
