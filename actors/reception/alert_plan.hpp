#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "config/reception_config.hpp"
#include "runtime/base/clock.hpp"

/// When whom is told that a customer waits. Pure: the session acts on the answer and records what
/// it told.
namespace switchboard {

enum class alert_kind : std::uint8_t { unanswered, waiting };
enum class alert_level : std::uint8_t { agent, leader };
std::string_view to_string(alert_kind k);
std::string_view to_string(alert_level l);

/// What was told of one kind. What was told before the customer's present wait began counts for
/// nothing, so nobody has to clear it.
struct told_alerts {
  std::uint32_t times = 0;
  timestamp last{};
  bool escalated = false;

  bool operator==(const told_alerts&) const = default;
};
template <class V> void describe(V& v, told_alerts& x) {
  v("times", x.times);
  v("last", x.last);
  v("escalated", x.escalated);
}

struct alert_view {
  /// The first message that the serving agent has not answered, or the assignment where that is
  /// later. Nothing: answered.
  std::optional<timestamp> unanswered_since;
  /// Since when the customer is in a queue. Nothing: is not.
  std::optional<timestamp> waiting_since;
  told_alerts unanswered, waiting;
};

struct due_alert {
  alert_kind kind = alert_kind::unanswered;
  alert_level level = alert_level::agent;
  std::uint32_t times = 1;
  timestamp since;
  bool operator==(const due_alert&) const = default;
};

struct alert_plan {
  std::vector<due_alert> due;
  std::optional<timestamp> next;  // when to ask again if nothing happens meanwhile
};

/// Unanswered: told after `unanswered_after`, again every `unanswered_every` until answered or
/// `at_most` times; from `escalate_after` on the leaders are told too. Waiting: told to leaders
/// after `waiting_after`, again every `waiting_every`. Whatever was missed while nobody looked is
/// told once.
alert_plan plan_alerts(const alert_view& view, const config::alert_settings& settings,
                       timestamp now);

/// `over` laid over `under`: what it says holds.
config::alert_settings laid_over(const config::alert_settings& under,
                                 const config::alert_settings& over);

}  // namespace switchboard
