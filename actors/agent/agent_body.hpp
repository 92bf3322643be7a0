#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "actors/agent/agent_actor.hpp"
#include "actors/agent/agent_machine.hpp"
#include "actors/agent/agent_policy.hpp"
#include "actors/agent/agent_pushes.hpp"
#include "actors/agent/keyed_move.hpp"
#include "actors/skill_group/agent_view.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

/// The inside of the agent actor, shared by its sources; nobody else includes it.
namespace switchboard {

using codec::packer;

class agent_body {
 public:
  static inline const char* name = "agent";

  agent_body(agent_actor::pointer self, actor_probe& probe, const agent_services& services,
             config::agent_config config, agent_record record,
             const std::vector<agent_machine::served_session>& served)
      : self_(self),
        services_(services),
        m_(std::move(config), std::move(record), services.options.zone),
        probe_(services.probes.enrol(probe, actor_kind::agent, m_.config().id.value)),
        rev_(static_cast<std::uint64_t>(unix_ms(services.clock.now()))) {
    m_.take_over(served);
    m_.take_up(now(), wall(),
               [this](const group_id& g) { return wrap_up_time(*services_.config(), g); });
    if (m_.record().status != agent_status::offline) m_.line_lost(now() + grace());
    if (m_.record().status == agent_status::draining)
      drain_until_ = now() + services_.options.drain_limit;
    tell_groups();
    arm();
  }

  agent_actor::behavior_type make_behavior();

 private:
  struct pending_offer {
    offer_made what;
    session_actor session;
  };
  /// A question to the groups whose answers are awaited.
  struct scheduling_round {
    std::uint64_t number = 0;
    timestamp deadline{};
    std::size_t awaited = 0;
    std::vector<std::pair<queue_head, group_actor>> heads;
  };

  /// Deadlines are in running time, records are stamped with the wall's.
  timestamp now() const { return services_.clock.now(); }
  timestamp wall() const { return wall_time(services_.clock); }
  millis grace() const { return services_.config()->session.reconnect_grace; }

  // ---- connections and what the agent asks

  void on_connection(agent_connection& m);
  void on_call(agent_call& m);
  void set_state(const agent_call& m);
  /// One record of what a call did and what it is answered, if it can be repeated.
  store::position settle(const agent_call& m, std::vector<agent_payload> events,
                         const std::string& answer);
  /// Each session finds its new place itself, with its old age; the agent keeps those that cannot
  /// go anywhere.
  void move_sessions(const agent_call& m);
  bool joins_a_move(const agent_call& m);
  void on_moved(const agent_call& m);
  void snapshot(const reply_to& to) const;
  void answer_offer(const agent_call& m);
  void push(std::string_view method, std::string_view packed_map);

  // ---- groups

  void on_reserve(const reserve_room& m) {
    take_head(queue_head{0, m.group, true, m.offer, m.session, m.weight, m.urgency});
  }

  /// True if its room was granted at once. While a round is under way the head waits and is
  /// compared with the other heads at its end.
  bool take_head(queue_head c);
  bool answer_room(const queue_head& c, const group_actor& group);
  void on_release(const release_room& m);
  void on_head(queue_head& m);
  /// The most urgent head of all groups gets the room. The other groups hear so, and are asked
  /// again while room is left.
  void decide_round();
  void ask_groups();
  void tell_groups();
  /// Something groups should know; `freed`: there may be room that was not. `ended`: a service
  /// whose end a line that has just come may have missed, for the session pushes it to those it
  /// knows of.
  void changed(bool freed, const service_ended* ended = nullptr);

  // ---- sessions

  void on_offer_made(offer_made& m);
  void on_offer_over(const offer_over& m);
  void missed(const offer_over& m, const group_id& group);
  void on_service_began(const service_began& m);
  void on_service_ended(const service_ended& m);
  void on_alert(const agent_alert& m);
  /// What was told as to a leader of teams and groups it may not lead any more. A session that
  /// still concerns it tells again.
  void forget_alerts_of_others();

  // ---- sessions of others

  void on_snoozed(const service_snoozed& m);
  void on_hold(const hold_room& m);
  std::string absence() const;
  void on_guest_began(const guest_began& m);
  void on_guest_ended(const guest_ended& m);
  void leave_guests(const std::string& why);
  void tell_session(const session_id& session, const std::string& as, const std::string& change);
  void end_wrap_up(const session_id& session);
  /// Draining ends when there is nothing left to do, and it may begin so.
  void check_drained();
  void finish_draining();

  // ---- the configuration

  /// Sessions, reservations, wrap-ups and counters stay; a lower limit takes nothing away, it only
  /// grants nothing more.
  void on_configuration(const configuration_changed&);
  /// The account is gone: what is being served is finished, nothing new comes.
  void remove();
  void retire();
  /// Gone for good: the sessions go back to their queues with their old age.
  void leave(const std::string& why);
  /// Gives back what it was offered and has not answered: those sessions go on to somebody else.
  void withdraw_offers(const std::function<bool(const offer_made&)>& which);

  // ---- time and the journal

  void arm();
  void on_timer(const timer_fired& m);
  /// A reservation that outlived its offer is settled by asking the session, never freed blind. A
  /// session that is not in memory is over and cannot take it any more.
  void settle_reservations(timestamp t);
  store::position commit(std::vector<agent_payload> events);
  void on_status(const status_request& m) { m.reply.ok(knows_, agent_pushes::status(m_)); }

  agent_actor::pointer self_;
  const agent_services& services_;
  agent_machine m_;
  alert_list board_;
  std::vector<agent_alert> of_others_;  // in the list, of sessions that others serve or nobody does
  probe_registry::enrolment probe_;
  std::uint64_t rev_;
  store::position knows_ =
      0;  // what is told of it waits for this much, and not for others' records
  std::vector<outbox_ptr> connections_;
  std::map<session_id, session_actor> sessions_;
  std::map<offer_id, pending_offer> offers_;
  std::vector<std::shared_ptr<keyed_move>> moves_;  // under way, with a key
  std::optional<scheduling_round> round_;
  std::uint64_t next_round_ = 0;
  bool again_ = false;
  bool removed_ =
      false;  // from the configuration, or disabled in it: ends when it has nothing left to do
  std::string why_removed_;
  bool retired_ = false;  // has said good-bye: what still comes changes nothing
  timestamp drain_until_{};
  actor_timer timer_{*services_.directory.timers, self_};
};

}  // namespace switchboard
