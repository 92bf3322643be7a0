#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/dispatch_loader.hpp"
#include "tools/whatif/arrival_source.hpp"
#include "tools/whatif/model_run.hpp"

namespace switchboard::theory {

using whatif::deployment_model;
using whatif::run_result;

/// So long that milliseconds do not show.
constexpr double mean_service_ms = 1'000'000;

inline deployment_model model_of(const std::string& dispatch) {
  auto loaded = config::parse_dispatch(dispatch);
  if (!loaded) throw std::runtime_error(config::to_string(loaded.error()));
  deployment_model m;
  m.dispatch = std::move(*loaded);
  auto rules = compile_routing(m.dispatch, 1);
  if (!rules) throw std::runtime_error(config::to_string(rules.error()));
  m.rules = std::move(*rules);
  m.hours.assign(m.dispatch.agents.size(), {{0, 24 * 60}});
  return m;
}

/// One group of agents who take one session each.
inline std::string one_group(int agents, const std::string& options = "strategy: longest_idle") {
  std::string text = "groups:\n  - {id: g, queue: {max: 1000000}, " + options + "}\nagents:\n";
  for (int a = 0; a < agents; ++a) {
    text += "  - {id: a" + std::to_string(1000 + a) + ", groups: [g], capacity: 1}\n";
  }
  return text;
}

inline const std::string everyone = "rules: [{name: everyone, steps: [{group: g}]}]\n";

/// A class that brings `load` of what `agents` can do.
inline whatif::request_class class_of(std::string name, double load, int agents) {
  whatif::request_class c;
  c.name = std::move(name);
  c.per_hour.fill(load * agents * 3'600'000 / mean_service_ms);
  c.handle.mean_ms = mean_service_ms;
  return c;
}

/// Until about so many have come.
inline void last_for(deployment_model& m, double sessions) {
  double per_hour = 0;
  for (auto& c : m.requests) per_hour += c.per_hour[0];
  m.length = millis{static_cast<std::int64_t>(sessions / per_hour * 3'600'000)};
}

/// The waits of FIFO servers by the recursion of Kiefer and Wolfowitz (1955) over a model's own
/// arrivals: written apart from all of dispatch. Who would wait longer than their patience leaves.
class fifo_recursion {
 public:
  explicit fifo_recursion(int servers) : free_(static_cast<std::size_t>(servers), 0) {}

  /// The wait of one who comes; negative of the patience for who leaves.
  std::int64_t wait(const whatif::arrival& a) {
    const auto begin = std::max(free_.front(), a.at_ms);
    const auto patience = static_cast<std::int64_t>(a.patience_ms);
    if (a.patience_ms >= 0 && begin - a.at_ms > patience) return -patience - 1;
    const auto handle = std::max<std::int64_t>(static_cast<std::int64_t>(a.handle_ms), 1);
    const auto end = begin + handle;
    const auto at = std::upper_bound(free_.begin() + 1, free_.end(), end);
    std::move(free_.begin() + 1, at, free_.begin());
    *(at - 1) = end;
    return begin - a.at_ms;
  }

 private:
  std::vector<std::int64_t> free_;  // when each is next free, rising
};

/// Mean of independent runs with the half width of its confidence interval.
struct interval {
  double mean = 0, half = 0;
  bool holds(double x) const { return std::abs(x - mean) <= half; }
};

/// By batch means or replications: at 99.9 % (so that of 40 intervals one fails in 25 sets of
/// seeds; seeds are fixed). Student's t for the degrees of freedom used here.
inline interval interval_of(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  double sum = 0, squares = 0;
  for (double v : x) sum += v;
  for (double v : x) squares += (v - sum / n) * (v - sum / n);
  const double t = x.size() >= 30 ? 3.65 : x.size() >= 20 ? 3.88 : x.size() >= 10 ? 4.78 : 7.0;
  return {sum / n, t * std::sqrt(squares / (n - 1) / n)};
}

}  // namespace switchboard::theory
