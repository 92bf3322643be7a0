#include "actors/reception/silence_plan.hpp"

#include <algorithm>

namespace switchboard {

silence_plan plan_silence(const silence_view& view, const config::session_policy& policy,
                          timestamp now) {
  constexpr millis none{0};
  silence_plan out;
  auto at = [&](timestamp t, bool& flag) {
    if (t <= now)
      flag = true;
    else
      out.next = out.next ? std::min(*out.next, t) : t;
  };
  if (policy.idle_close > none) {
    out.closes_at = view.last_word + policy.idle_close;
    at(out.closes_at, out.close);
    if (policy.idle_warning > none && view.warned_at < view.last_word)
      at(out.closes_at - policy.idle_warning, out.warn);
    if (out.close) out.warn = false;
  }
  if (policy.agent_silence > none && view.unanswered_since &&
      view.silence_told_at < *view.unanswered_since) {
    at(*view.unanswered_since + policy.agent_silence, out.tell_silence);
  }
  return out;
}

}  // namespace switchboard
