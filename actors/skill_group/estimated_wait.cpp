#include "actors/skill_group/estimated_wait.hpp"

#include <algorithm>
#include <cmath>

namespace switchboard {
namespace {

// Half of what was learned is forgotten over 256 departures: enough for a narrow interval, few
// enough to follow the day.
constexpr double memory = 256;
constexpr double least_departures = 8;

}  // namespace

void backlog_rate::advance(timestamp now, double agents, bool blocked) {
  if (blocked && now > last_) agent_ms_ += agents * static_cast<double>((now - last_).count());
  last_ = std::max(last_, now);
}

void backlog_rate::departed() {
  constexpr double keep = 1 - 0.6931 / memory;
  departures_ = departures_ * keep + 1;
  agent_ms_ *= keep;
}

std::optional<wait_estimate> backlog_rate::until(double k, double agents) const {
  if (agents <= 0 || departures_ < least_departures || agent_ms_ <= 0) return {};
  k = std::max(k, 1.0);
  double scale = agent_ms_ / agents * k / departures_;
  constexpr double z90 = 1.2816;
  return wait_estimate{static_cast<std::int64_t>(scale * f_quantile(k, departures_, 0)),
                       static_cast<std::int64_t>(scale * f_quantile(k, departures_, z90))};
}

// With u = F^(1/3), a = 2/(9·2k), b = 2/(9·2m): z = ((1−b)u − (1−a)) / sqrt(b u² + a), solved for
// u.
double f_quantile(double k, double m, double z) {
  double a = 1 / (9 * k), b = 1 / (9 * m);
  double p = (1 - b) * (1 - b) - z * z * b;
  double q = (1 - a) * (1 - b);
  double r = (1 - a) * (1 - a) - z * z * a;
  double under = std::max(0.0, q * q - p * r);
  double u = (q + (z < 0 ? -1 : 1) * std::sqrt(under)) / p;
  return u * u * u;
}

}  // namespace switchboard
