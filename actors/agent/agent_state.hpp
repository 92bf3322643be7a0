#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/router/routing_plan.hpp"
#include "actors/session/kept_answers.hpp"
#include "actors/skill_group/claim.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {

/// After-contact work on a session that has ended for this agent, under the accepting group's policy.
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
  /// How long the state before lasted, whatever the clock was set to meanwhile, and in whose days that counts. Nothing, and
  /// empty for UTC: from before this was kept.
  std::optional<millis> lasted = {};
  std::string zone = {};
};
template <class V>
void describe(V& v, presence_changed& x) {
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
template <class V> void describe(V& v, wrap_up_ended& x) { v("session", x.session); }

struct offer_missed {
  session_id session;
  int in_a_row = 0;
};
template <class V> void describe(V& v, offer_missed& x) { v("session", x.session); v("in_a_row", x.in_a_row); }
}  // namespace agent_event

/// Order is the file format's kind number (index + 1): append only. What is recorded beside `answer_recorded` is what that call
/// did.
using agent_payload = std::variant<agent_event::presence_changed, agent_event::served, agent_event::wrap_up_ended,
                                   agent_event::offer_missed, answer_recorded>;

/// How long an agent was in which state, for which reason, on one day of the floor's time zone.
struct day_times {
  std::int64_t day = 0;  // by number: 1970-01-01 is 0
  /// Milliseconds by "away/lunch"; offline is not counted. Bounded: what is too much counts under the state alone.
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

/// The whole agent: the record, and what other actors' records or the moment decide. Pure; the actor is its shell.
class agent_machine {
 public:
  struct reservation {
    session_id session;
    group_id group;
    int weight = 1;
    timestamp expires_at;
  };
  struct held {
    group_id group;
    int weight = 1;
    timestamp since;
    std::optional<timestamp> snoozed_until = {};  // put off: it holds no room
  };
  /// A session of somebody else's that this agent has joined; a supervisor's hold no room.
  struct guest {
    std::string as;
    group_id group;
    int weight = 0;
    timestamp since;
  };

  /// `zone`: in whose days assignments are counted. Until `take_up` running time and wall time are taken to be the same.
  agent_machine(config::agent_config config, agent_record record, std::string zone = "UTC");
  /// Begins to live at that moment, with what the record holds: spans go on in running time. An after-contact work that is said
  /// to end later than `longest(group)` from now ends then.
  void take_up(timestamp running, timestamp wall, const std::function<millis(const group_id&)>& longest);

  const config::agent_config& config() const { return config_; }
  void configure(config::agent_config c);
  const agent_record& record() const { return record_; }
  /// `at` is what the event is stamped with, `running` the same moment in running time.
  void apply_event(const agent_payload& e, timestamp at, timestamp running);
  void apply_event(const agent_payload& e, timestamp at) { apply_event(e, at, at); }
  const std::string& zone() const { return zone_; }
  /// How long it has been in its state; nothing from before that was kept.
  millis in_state_for(timestamp running) const;
  /// After-contact work whose time is over.
  std::vector<session_id> wrap_ups_over(timestamp running) const;
  /// A count whose day is over is 0. True where that changed what others see.
  bool day_passes(timestamp wall);
  /// When the day ends that something is counted for, by the wall; nothing where nothing is.
  std::optional<timestamp> day_ends() const;

  /// The status others see: what was asked for, unless the line is lost.
  agent_status status() const;
  void line_lost(timestamp grace_until) { grace_until_ = grace_until; connected_ = false; }
  void line_back() { connected_ = true; grace_until_.reset(); }
  std::optional<timestamp> grace_until() const { return grace_until_; }
  bool connected() const { return connected_; }

  int used() const;
  int room() const { return config_.capacity - used(); }

  /// Reserves room under a fresh offer id; false, and nothing changed, without room or when not online (I1).
  bool reserve(const offer_id& offer, reservation r);
  /// Why `reserve` would refuse: empty if it would not.
  std::string refusal(int weight) const;
  std::optional<reservation> release(const offer_id& offer);
  /// Looks at those that are due again after `patience`.
  void postpone_reservations(timestamp now, millis patience);
  /// After a restart: what the sessions' records say is served here, before anything new is granted. By `since`, rising.
  struct served_session {
    session_id session;
    held what;
    std::string as = {};  // not empty: has joined it so
  };
  void take_over(const std::vector<served_session>& all);
  /// A reservation became a session served (or, after a restart, a session says it is served here).
  void serve(const offer_id& offer, const session_id& session, held h, timestamp wall, timestamp running);
  void serve(const offer_id& offer, const session_id& session, held h, timestamp now) {
    serve(offer, session, std::move(h), now, now);
  }
  std::optional<held> end_service(const session_id& session);
  /// Why a session cannot be taken over now: a supervisor who does so need not be online, but there, and have room.
  std::string takeover_refusal(int weight) const;
  bool reserve_takeover(const offer_id& offer, reservation r);
  /// Has joined (a reservation became a guest), in another way than before, or is told again after a restart.
  void join(const offer_id& offer, const session_id& session, guest g);
  std::optional<guest> end_guest(const session_id& session);
  /// False where the session is not served here.
  bool snooze(const session_id& session, timestamp until);
  /// Nothing left that draining waits for.
  bool idle() const;

  const std::map<session_id, guest>& guests() const { return guests_; }
  const std::map<session_id, held>& serving() const { return serving_; }
  const std::map<offer_id, reservation>& reservations() const { return reservations_; }
  agent_view view(std::uint64_t rev) const;
  /// The earliest moment at which something of this agent ends by itself (I6).
  std::optional<timestamp> next_deadline() const;

 private:
  void count_assignment(timestamp at);

  config::agent_config config_;
  shared_list<skill_level> skills_;  // as config_ has them
  agent_record record_;
  std::string zone_;
  /// What of the record is compared with others' or ends by itself, in running time.
  timestamp last_assigned_{}, online_since_{}, in_state_since_{};
  std::map<session_id, timestamp> wrap_up_ends_;
  bool connected_ = false;
  std::optional<timestamp> grace_until_;
  std::map<offer_id, reservation> reservations_;
  std::map<session_id, held> serving_;
  std::map<session_id, guest> guests_;
};

}  // namespace switchboard
