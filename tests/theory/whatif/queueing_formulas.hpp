#pragma once

#include <cmath>
#include <vector>

/// Steady states in closed form, rates in any one unit of time.
namespace switchboard::theory {

/// Erlang's loss formula, by its recursion (Erlang 1917; Cooper, Introduction to Queueing Theory,
/// 1981, 3.3): `load` in erlangs.
inline double erlang_b(int servers, double load) {
  double b = 1;
  for (int k = 1; k <= servers; ++k) b = load * b / (k + load * b);
  return b;
}

/// Probability to wait in M/M/n (Cooper 1981, 3.4).
inline double erlang_c(int servers, double load) {
  const double b = erlang_b(servers, load);
  const double rho = load / servers;
  return b / (1 - rho * (1 - b));
}

/// Mean wait in M/M/n.
inline double mm_n_wait(int servers, double arrivals, double services) {
  return erlang_c(servers, arrivals / services) / (servers * services - arrivals);
}

struct erlang_a {
  double abandoned = 0;  // share
  double wait = 0;       // mean over all, in line until served or gone
};

/// M/M/n+M, customers leaving at rate `leaves` each while they wait: the birth and death process
/// solved term by term (Palm 1957; Mandelbaum and Zeltyn, Service engineering in action: the
/// Palm/Erlang-A queue, 2007).
inline erlang_a erlang_a_of(int servers, double arrivals, double services, double leaves) {
  double p = 1, sum = 1, queue = 0;
  for (int k = 1; k < 100'000; ++k) {
    const double out = k <= servers ? k * services : servers * services + (k - servers) * leaves;
    p *= arrivals / out;
    sum += p;
    if (k > servers) queue += (k - servers) * p;
    if (k > servers && p < sum * 1e-14) break;
    if (sum > 1e200) p /= 1e200, sum /= 1e200, queue /= 1e200;
  }
  queue /= sum;
  return {leaves * queue / arrivals, queue / arrivals};
}

/// Mean waits by class, most urgent first, in M/M/n where all classes are served at one rate and
/// nobody is interrupted (Cobham, Priority assignment in waiting line problems, 1954; for n servers
/// Kella and Yechiali, Waiting times in the non-preemptive priority M/M/c queue, 1985).
inline std::vector<double> priority_waits(int servers, const std::vector<double>& arrivals,
                                          double services) {
  double all = 0;
  for (double a : arrivals) all += a;
  const double blocked = erlang_c(servers, all / services) / (servers * services);
  std::vector<double> out;
  double before = 0;
  for (double a : arrivals) {
    const double with = before + a / (servers * services);
    out.push_back(blocked / ((1 - before) * (1 - with)));
    before = with;
  }
  return out;
}

}  // namespace switchboard::theory
