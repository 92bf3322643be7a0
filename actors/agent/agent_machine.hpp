#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/agent/agent_state.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

/// The whole agent: the record, and what other actors' records or the moment decide. Pure; the
/// actor is its shell.
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

  /// `zone`: in whose days assignments are counted. Until `take_up` running time and wall time are
  /// taken to be the same.
  agent_machine(config::agent_config config, agent_record record, std::string zone = "UTC");
  /// Begins to live at that moment, with what the record holds: spans go on in running time. An
  /// after-contact work that is said to end later than `longest(group)` from now ends then.
  void take_up(timestamp running, timestamp wall,
               const std::function<millis(const group_id&)>& longest);

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
  void line_lost(timestamp grace_until) {
    grace_until_ = grace_until;
    connected_ = false;
  }
  void line_back() {
    connected_ = true;
    grace_until_.reset();
  }
  std::optional<timestamp> grace_until() const { return grace_until_; }
  bool connected() const { return connected_; }

  int used() const;
  int room() const { return config_.capacity - used(); }

  /// Reserves room under a fresh offer id; false, and nothing changed, without room or when not
  /// online (I1).
  bool reserve(const offer_id& offer, reservation r);
  /// Why `reserve` would refuse: empty if it would not.
  std::string refusal(int weight) const;
  std::optional<reservation> release(const offer_id& offer);
  /// Looks at those that are due again after `patience`.
  void postpone_reservations(timestamp now, millis patience);
  /// After a restart: what the sessions' records say is served here, before anything new is
  /// granted. By `since`, rising.
  struct served_session {
    session_id session;
    held what;
    std::string as = {};  // not empty: has joined it so
  };
  void take_over(const std::vector<served_session>& all);
  /// A reservation became a session served (or, after a restart, a session says it is served here).
  void serve(const offer_id& offer, const session_id& session, held h, timestamp wall,
             timestamp running);
  void serve(const offer_id& offer, const session_id& session, held h, timestamp now) {
    serve(offer, session, std::move(h), now, now);
  }
  std::optional<held> end_service(const session_id& session);
  /// Why a session cannot be taken over now: a supervisor who does so need not be online, but
  /// there, and have room.
  std::string takeover_refusal(int weight) const;
  bool reserve_takeover(const offer_id& offer, reservation r);
  /// Has joined (a reservation became a guest), in another way than before, or is told again after
  /// a restart.
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
