#include "adapters/center_http/circuit_breaker.hpp"

#include <algorithm>

namespace switchboard::center {

std::string_view to_string(breaker_state s) {
  constexpr std::string_view names[] = {"closed", "open", "half_open"};
  return names[static_cast<int>(s)];
}

void circuit_breaker::enter(breaker_state s, timestamp now) {
  x_state = s;
  x_since = now;
  ++x_generation;
  x_outcomes.clear();
  x_failures = 0;
  x_probing = false;
  x_probes_good = 0;
}

std::optional<circuit_breaker::leave> circuit_breaker::admit(timestamp now) {
  if (x_state == breaker_state::open && now >= retry_at()) enter(breaker_state::half_open, now);
  if (x_state == breaker_state::open || x_probing) return {};
  x_probing = x_state == breaker_state::half_open;
  return leave{x_generation};
}

void circuit_breaker::finished(leave of, bool succeeded, timestamp now) {
  if (of.generation != x_generation) return;
  if (x_state == breaker_state::closed) return judge(succeeded, now);
  x_probing = false;
  if (!succeeded) {
    auto longer = std::min(x_pause * 2, x_options.longest_pause);
    enter(breaker_state::open, now);
    x_pause = longer;
  } else if (++x_probes_good >= x_options.probes) {
    enter(breaker_state::closed, now);
  }
}

void circuit_breaker::judge(bool succeeded, timestamp now) {
  x_outcomes.push_back(succeeded);
  x_failures += succeeded ? 0 : 1;
  if (recent_calls() > x_options.window) {
    x_failures -= x_outcomes.front() ? 0 : 1;
    x_outcomes.pop_front();
  }
  bool enough = 2 * recent_calls() >= x_options.window;
  if (!enough || x_failures * 100 < x_options.percent * recent_calls()) return;
  enter(breaker_state::open, now);
  x_pause = x_options.pause;
}

}  // namespace switchboard::center
