#pragma once

#include <optional>

#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"

/// What a session does by itself while nobody writes. Pure.
namespace switchboard {

struct silence_view {
  timestamp last_word;                        // of customer or agent, or the assignment
  std::optional<timestamp> unanswered_since;  // as in alert_view
  timestamp warned_at{}, silence_told_at{};   // before the present silence: counts for nothing
};

struct silence_plan {
  bool close = false;         // idle_close is over
  bool warn = false;          // idle_notice is to be said
  bool tell_silence = false;  // long_silence is to be said
  timestamp closes_at{};
  std::optional<timestamp> next;
};

silence_plan plan_silence(const silence_view& view, const config::session_policy& policy,
                          timestamp now);

}  // namespace switchboard
