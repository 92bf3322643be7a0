#pragma once

#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/skill_group/group_explanation.hpp"
#include "actors/skill_group/group_messages.hpp"
#include "actors/skill_group/pending_claims.hpp"
#include "actors/skill_group/skill_group_actor.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/hosting/hosted_actor.hpp"

/// The inside of the group actor, shared by its sources; nobody else includes it.
namespace switchboard {

class group_body {
 public:
  static inline const char* name = "skill_group";

  group_body(group_actor::pointer self, actor_probe& probe, const group_services& services,
             config::group_config config, std::size_t expected, agent_id last_assigned)
      : self_(self),
        services_(services),
        id_(config.id),
        dispatcher_(std::move(config)),
        probe_(services.probes.enrol(probe, actor_kind::skill_group, id_.value)),
        rng_(services.random()),
        salt_(services.random() & 0xffffff) {
    read_roster();
    if (!last_assigned.empty()) dispatcher_.restore_round_robin(last_assigned);
    if (expected > 0) dispatcher_.expect(expected, now() + millis{5'000});
    dispatcher_.set_open(open_now());
    report_due_ = now();
    arm();
  }

  group_actor::behavior_type make_behavior();

 private:
  /// An offer between reservation and the session's word; at most one of a session here.
  struct pending_offer {
    offer_id offer;
    agent_id agent;
    std::string why;
    timestamp until;
    bool put_to_session = false;
    decision_note decision{};
  };

  using pending_offers = std::unordered_map<session_id, pending_offer>;
  /// Put to a session whose word on it is still out, also when the group has turned to something
  /// else meanwhile. Released blind the room would be given away twice: a session may take an offer
  /// late. One whose session has ended meanwhile is forgotten after `put_kept`; the agent has asked
  /// by then.
  struct put_offer {
    agent_actor agent;
    timestamp until;
  };
  static constexpr millis put_kept{60'000};

  timestamp now() const { return services_.clock.now(); }
  /// By its calendar, which is the wall's, and by hand. Notes when the calendar changes that next.
  bool open_now();

  // ---- sessions

  void on_enter(const enter_queue& m);
  void on_return_to_queue(const return_to_queue& m);
  void on_leave(const leave_queue& m);
  void on_ask_position(const ask_position& m);
  void tell_position(const session_id& id, const session_actor& session);
  void on_proposal_answered(const proposal_answered& m);

  // ---- agents

  void on_agent(const agent_available& m);
  void on_room_answer(const room_answer& m);
  bool gives_way(const room_answer& m);
  void propose(const session_id& id, const pending_offer& p, const session_actor& session,
               const agent_actor& agent);

  // ---- the choice

  pending_offers::iterator find_pending(const session_id& session, const offer_id& offer);
  void release(const pending_offer& p);
  offer_id next_offer(const session_id& s);
  bool by_claim() const { return dispatcher_.options().offer.accept == config::accept_mode::claim; }
  /// Until no eligible pair is left (I3).
  std::size_t pump();
  void report_soon() { dirty_ = true; }
  void report();
  void arm();
  void on_timer(const timer_fired& m);

  // ---- the configuration

  /// Who is in this group, in the order `top_down` asks them; answers with those who are not any
  /// more.
  std::vector<agent_id> read_roster();
  /// An agent who has left may still send what was on its way. One that came a moment ago is in the
  /// configuration already.
  bool is_member(const agent_id& id);
  /// Waiters, places, agents and what was learned stay; only what differs is taken over.
  void on_configuration(const configuration_changed&);
  /// Open or closed, by the calendar and by hand. Who waits when it closes is sent on, to be served
  /// elsewhere or heard at least.
  void look_at_the_clock(timestamp t);
  void send_waiters_on(const std::string& reason, bool removed);
  void turn_away(const queue_entry& c, const session_actor& session, admission how);
  /// Who still keeps a place here stands in the queue again.
  void take_back_waiters();
  void retire();
  /// It ends when the offers it had put to sessions are settled and what was on its way has come.
  void settle_and_end(timestamp t);

  // ---- an agent's own choice

  void on_claim(const claim_waiter& m);

  // ---- why

  void on_explain(explain_waiter& m);
  void on_status(const status_request& m);

  group_actor::pointer self_;
  const group_services& services_;
  group_id id_;
  group_dispatcher dispatcher_;
  probe_registry::enrolment probe_;
  std::mt19937_64 rng_;
  std::uint64_t salt_;
  std::uint64_t offers_ = 0;
  std::unordered_map<session_id, session_actor> sessions_;
  /// Who waited when the group closed, or came while it was closed, and has not left since: it
  /// waits elsewhere meanwhile. In the queue again when the group opens.
  struct place_kept {
    queue_entry what;
    session_actor session;
    admission how = admission::returning;
  };
  std::unordered_map<session_id, place_kept> kept_;
  std::unordered_map<agent_id, agent_actor> agents_;
  std::unordered_map<agent_id, std::string> names_;
  pending_offers pending_;
  std::unordered_map<offer_id, put_offer> put_;
  pending_claims claims_;
  bool dirty_ = true, retired_ = false, told_retired_ = false;
  timestamp retire_at_{};
  static constexpr millis retire_after{10'000};
  timestamp report_due_{}, watch_due_{}, settle_due_{};
  /// By the wall: the next moment at which the calendar opens or closes it, by which configuration,
  /// and when that was seen.
  std::optional<timestamp> calendar_edge_;
  std::shared_ptr<const config::dispatch_config> calendar_of_;
  timestamp looked_at_{};
  actor_timer timer_{*services_.directory.timers, self_};
};

}  // namespace switchboard
