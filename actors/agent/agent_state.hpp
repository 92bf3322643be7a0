#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/router/routing_plan.hpp"
#include "actors/session/kept_answers.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// After-contact work on a session that has ended for this agent, under the accepting group's
/// policy.
struct wrap_up {
  session_id session;
  group_id group;
  timestamp until;
  int holds = 0;  // units of capacity
};
template <class V> void describe(V& v, wrap_up& x) {
  v("session", x.session);
  v("group", x.group);
  v("until", x.until);
  v("holds", x.holds);
}

/// What is durable of an agent.
namespace agent_event {
struct presence_changed {
  agent_status status = agent_status::offline;
  std::string reason;
  std::string by;  // a shift leader; empty: the agent, or the system
  /// How long the state before lasted, whatever the clock was set to meanwhile, and in whose days
  /// that counts. Nothing, and empty for UTC: from before this was kept.
  std::optional<millis> lasted = {};
  std::string zone = {};
};
template <class V> void describe(V& v, presence_changed& x) {
  v("status", x.status);
  v("reason", x.reason);
  v("by", x.by);
  v("lasted_ms", x.lasted);
  v("zone", x.zone);
}

/// A session the agent had ended for it; the counters are as of then.
struct served {
  session_id session;
  std::optional<wrap_up> after;
  timestamp last_assigned;
  int assigned_today = 0;
  std::int64_t day = 0;
};
template <class V> void describe(V& v, served& x) {
  v("session", x.session);
  v("after", x.after);
  v("last_assigned", x.last_assigned);
  v("assigned_today", x.assigned_today);
  v("day", x.day);
}
struct wrap_up_ended {
  session_id session;
};
template <class V> void describe(V& v, wrap_up_ended& x) {
  v("session", x.session);
}

struct offer_missed {
  session_id session;
  int in_a_row = 0;
};
template <class V> void describe(V& v, offer_missed& x) {
  v("session", x.session);
  v("in_a_row", x.in_a_row);
}
}  // namespace agent_event

/// Order is the file format's kind number (index + 1): append only. What is recorded beside
/// `answer_recorded` is what that call did.
using agent_payload =
    std::variant<agent_event::presence_changed, agent_event::served, agent_event::wrap_up_ended,
                 agent_event::offer_missed, answer_recorded>;

/// How long an agent was in which state, for which reason, on one day of the contact center's time
/// zone.
struct day_times {
  std::int64_t day = 0;  // by number: 1970-01-01 is 0
  /// Milliseconds by "away/lunch"; offline is not counted. Bounded: what is too much counts under
  /// the state alone.
  std::map<std::string, std::int64_t> spent;
};
template <class V> void describe(V& v, day_times& x) {
  v("day", x.day);
  v("spent", x.spent);
}

/// The durable part, as its snapshot holds it.
struct agent_record {
  agent_status status = agent_status::offline;  // what the agent asked for; never reconnecting
  std::string reason;
  int missed_in_a_row = 0;
  timestamp last_assigned{}, online_since{};
  int assigned_today = 0;
  std::int64_t day = 0;  // the one assigned_today counts, by number
  std::vector<wrap_up> wrap_ups;
  std::uint64_t seq = 0;
  timestamp since{};            // of status and reason; 0: from before this was kept
  std::vector<day_times> days;  // rising; what came before `since`
  std::vector<kept_answer> answered;
};
template <class V> void describe(V& v, agent_record& x) {
  v("status", x.status);
  v("reason", x.reason);
  v("missed_in_a_row", x.missed_in_a_row);
  v("last_assigned", x.last_assigned);
  v("online_since", x.online_since);
  v("assigned_today", x.assigned_today);
  v("day", x.day);
  v("wrap_ups", x.wrap_ups);
  v("seq", x.seq);
  v("since", x.since);
  v("days", x.days);
  v("answered", x.answered);
}

/// The days of `r` up to `now`, by `zone`'s calendar; the state it is in has lasted so long.
std::vector<day_times> times_until(const agent_record& r, timestamp now, millis lasted,
                                   const std::string& zone);

void apply(agent_record& r, const agent_payload& e, timestamp at);
/// One record's events: arrays [kind, at, payload], one after the other.
void encode(const agent_payload& e, timestamp at, std::string& out);
/// Applies a record's events; false where the bytes are damaged.
bool replay(agent_record& r, std::string_view events);

}  // namespace switchboard
