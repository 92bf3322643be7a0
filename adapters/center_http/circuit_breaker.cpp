#include "adapters/center_http/circuit_breaker.hpp"

#include <algorithm>

namespace switchboard::center {

std::string_view to_string(breaker_state s) {
  constexpr std::string_view names[] = {"closed", "open", "half_open"};
  return names[static_cast<int>(s)];
}

void circuit_breaker::enter(breaker_state s, timestamp now) {
  state_ = s;
  since_ = now;
  ++generation_;
  outcomes_.clear();
  failures_ = 0;
  probing_ = false;
  probes_good_ = 0;
}

std::optional<circuit_breaker::leave> circuit_breaker::admit(timestamp now) {
  if (state_ == breaker_state::open && now >= retry_at()) enter(breaker_state::half_open, now);
  if (state_ == breaker_state::open || probing_) return {};
  probing_ = state_ == breaker_state::half_open;
  return leave{generation_};
}

void circuit_breaker::finished(leave of, bool succeeded, timestamp now) {
  if (of.generation != generation_) return;
  if (state_ == breaker_state::closed) return judge(succeeded, now);
  probing_ = false;
  if (!succeeded) {
    auto longer = std::min(pause_ * 2, options_.longest_pause);
    enter(breaker_state::open, now);
    pause_ = longer;
  } else if (++probes_good_ >= options_.probes) {
    enter(breaker_state::closed, now);
  }
}

void circuit_breaker::judge(bool succeeded, timestamp now) {
  outcomes_.push_back(succeeded);
  failures_ += succeeded ? 0 : 1;
  if (recent_calls() > options_.window) {
    failures_ -= outcomes_.front() ? 0 : 1;
    outcomes_.pop_front();
  }
  bool enough = 2 * recent_calls() >= options_.window;
  if (!enough || failures_ * 100 < options_.percent * recent_calls()) return;
  enter(breaker_state::open, now);
  pause_ = options_.pause;
}

}  // namespace switchboard::center
