#include "actors/agent/agent_actor.hpp"

#include <algorithm>

#include "actors/agent/agent_policy.hpp"
#include "actors/agent/agent_pushes.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

class agent_body {
 public:
  static inline const char* name = "agent";

  agent_body(agent_actor::pointer self, const agent_services& services, config::agent_config config, agent_record record,
             const std::vector<agent_machine::served_session>& served)
      : self_(self),
        services_(services),
        m_(std::move(config), std::move(record)),
        probe_(services.probes.enrol(actor_kind::agent, m_.config().id.value)),
        rev_(static_cast<std::uint64_t>(unix_ms(services.clock.now()))) {
    m_.take_over(served);
    if (m_.record().status != agent_status::offline) m_.line_lost(now() + grace());
    if (m_.record().status == agent_status::draining) drain_until_ = now() + services_.options.drain_limit;
    tell_groups();
    arm();
  }

  agent_actor::behavior_type make_behavior() {
    return {
        [this](agent_connection& m) { on_connection(m); },
        [this](agent_call& m) { on_call(m); },
        [this](const reserve_room& m) { on_reserve(m); },
        [this](const release_room& m) { on_release(m); },
        [this](head_claim& m) { on_head(m); },
        [this](offer_made& m) { on_offer_made(m); },
        [this](const offer_over& m) { on_offer_over(m); },
        [this](const service_began& m) { on_service_began(m); },
        [this](const service_ended& m) { on_service_ended(m); },
        [this](const configuration_changed& m) { on_configuration(m); },
        [this](const service_snoozed& m) { on_snoozed(m); },
        [this](const hold_room& m) { on_hold(m); },
        [this](const guest_began& m) { on_guest_began(m); },
        [this](const guest_ended& m) { on_guest_ended(m); },
        [this](const agent_alert& m) { on_alert(m); },
        [this](const wake& m) { on_wake(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  struct pending_offer {
    offer_made what;
    session_actor session;
  };
  /// A question to the groups whose answers are awaited.
  struct scheduling_round {
    std::uint64_t number = 0;
    std::size_t awaited = 0;
    std::vector<std::pair<head_claim, group_actor>> heads;
  };

  timestamp now() const { return services_.clock.now(); }
  millis grace() const { return services_.config()->session.reconnect_grace; }

  // ---- connections and what the agent asks

  void on_connection(agent_connection& m) {
    probe_->note(now());
    if (m.attached) {
      connections_.push_back(m.out);
      bool back = m_.status() == agent_status::reconnecting;
      m_.line_back();
      if (back) changed(true);
    } else {
      std::erase_if(connections_, [&](auto& c) { return c->id() == m.out->id(); });
      if (connections_.empty() && m_.record().status != agent_status::offline) {
        m_.line_lost(now() + grace());
        changed(false);
        arm();
      } else if (connections_.empty()) {
        m_.line_lost(now());
        leave_guests("disconnected");  // who is not on duty and goes has no grace to wait for
      }
    }
    for (auto& [session, who] : sessions_) self_->send(who, agent_readers{m_.config().id, connections_});
    for (auto& [offer, p] : offers_) self_->send(p.session, agent_readers{m_.config().id, connections_});
  }

  void on_call(agent_call& m) {
    probe_->note(now());
    switch (m.method) {
      case agent_method::set_state: return set_state(m);
      case agent_method::snapshot: return snapshot(m.reply);
      case agent_method::accept:
      case agent_method::decline: return answer_offer(m);
      case agent_method::force_state: return set_state(m);
      case agent_method::move_sessions: return move_sessions(m);
    }
  }

  void set_state(const agent_call& m) {
    auto wanted = status_named(m.state);
    if (!wanted) {
      return m.reply.fail(services_.journal.last(),
                          error{errc::invalid_argument, "state: expected online, away, busy, draining or offline", "state", {}, 0});
    }
    // What a leader gives as reason is the leader's own.
    if (auto why = m.by.id.empty() ? reason_refused(*services_.config(), *wanted, m.reason) : std::string{}; !why.empty()) {
      return m.reply.fail(services_.journal.last(), error{errc::invalid_argument, why, "reason", {}, 0});
    }
    if (removed_ && *wanted != agent_status::offline && *wanted != agent_status::draining) {
      return m.reply.fail(services_.journal.last(), error{errc::failed_precondition, "state: the account is removed", "state", {}, 0});
    }
    bool same = m_.record().status == *wanted && m_.record().reason == m.reason;
    auto at = same ? services_.journal.last() : commit({agent_event::presence_changed{*wanted, m.reason, m.by.id}});
    if (!same) {
      changed(*wanted == agent_status::online);
      if (*wanted == agent_status::offline) {
        leave("offline");
        if (removed_) retire();
      }
      if (*wanted == agent_status::draining) drain_until_ = now() + services_.options.drain_limit;
      check_drained();
      arm();
    }
    m.reply.ok(at, std::string(1, '\x80'));
  }

  /// Each session finds its new place itself, with its old age; the agent keeps those that cannot go anywhere.
  void move_sessions(const agent_call& m) {
    for (auto& [session, who] : sessions_) {
      session_call c;
      c.method = session_method::move;
      c.session = session;
      c.by = m.by;
      c.text = m.reason;
      c.to_group = m.to_group;
      c.to_agent = m.to_agent;
      self_->send(who, std::move(c));
    }
    packer p;
    p.map(1).str("sessions").uinteger(sessions_.size());
    m.reply.ok(services_.journal.last(), p.take());
  }

  void snapshot(const reply_to& to) {
    std::vector<const offer_made*> offers;
    for (auto& [id, o] : offers_) offers.push_back(&o.what);
    to.ok(services_.journal.last(), agent_pushes::snapshot(m_, rev_, offers, board_));
  }

  void answer_offer(const agent_call& m) {
    auto it = offers_.find(m.offer);
    auto session = it != offers_.end() ? it->second.session : session_actor{};
    auto id = session_of(m.offer.value);
    // An offer that is over here may still be told by its session who won.
    if (!session && id) session = services_.directory.sessions.find(*id);
    if (!session || !id) {
      return m.reply.fail(services_.journal.last(),
                          error{errc::not_found, "offer_id: there is no such offer", "offer_id", {}, 0});
    }
    self_->send(session, offer_answer{*id, m.offer, m_.config().id, m.method == agent_method::accept,
                                      m.reason.empty() ? "declined" : m.reason, m.reply});
  }

  void push(std::string_view method, std::string_view packed_map) {
    packer p;
    p.array(3).integer(2).str(method).array(1).raw(packed_map);
    auto frame = p.take();
    for (auto& c : connections_) c->notify(services_.journal.last(), frame);
  }

  // ---- groups

  void on_reserve(const reserve_room& m) { take_claim(head_claim{0, m.group, true, m.offer, m.session, m.weight, m.urgency}); }

  /// While a round is under way a claim stands in it beside the others.
  void take_claim(head_claim c) {
    auto group = caf::actor_cast<group_actor>(self_->current_sender());
    if (round_ && round_->awaited > 0) round_->heads.push_back({std::move(c), group});
    else answer_room(c, group);
  }

  bool answer_room(const head_claim& c, const group_actor& group) {
    auto refusal = m_.refusal(c.weight);
    if (refusal.empty()) {
      auto expires = now() + services_.options.reservation_patience;
      bool granted = m_.reserve(c.offer, {c.session, c.group, c.weight, expires});
      SB_INVARIANT(granted);
      ++rev_;
    }
    if (group) self_->send(group, room_answer{c.offer, c.session, refusal, m_.view(rev_)});
    arm();
    return refusal.empty();
  }

  void on_release(const release_room& m) {
    if (m_.release(m.offer)) changed(true);
    check_drained();
  }

  void on_head(head_claim& m) {
    if (!round_ || m.round != round_->number || round_->awaited == 0) {
      // Late: the round was decided without it. What room is left is its own, or it would stand idle beside who waits.
      if (m.any) take_claim(std::move(m));
      return;
    }
    if (m.any) round_->heads.push_back({std::move(m), caf::actor_cast<group_actor>(self_->current_sender())});
    if (--round_->awaited == 0) decide_round();
  }

  /// The most urgent claim of all groups gets the room; the rest hear so, and while room is left they are asked again.
  void decide_round() {
    auto heads = std::move(round_->heads);
    round_.reset();
    std::ranges::sort(heads, [](auto& a, auto& b) {
      return std::tie(a.first.urgency, a.first.session) < std::tie(b.first.urgency, b.first.session);
    });
    bool granted = false;
    for (auto& [c, group] : heads) granted = answer_room(c, group) || granted;
    if (std::exchange(again_, false) || granted) ask_groups();
  }

  void ask_groups() {
    if (m_.status() != agent_status::online || m_.room() <= 0 || round_) return;
    round_.emplace();
    round_->number = ++next_round_;
    for (auto& g : m_.config().groups) {
      auto group = services_.directory.find_group(g);
      if (!group) continue;
      self_->send(group, agent_available{m_.view(rev_), round_->number});
      ++round_->awaited;
    }
    if (round_->awaited == 0) return round_.reset();
    round_deadline_ = now() + services_.options.round_deadline;
    arm();
  }

  void tell_groups() {
    for (auto& g : m_.config().groups) {
      if (auto group = services_.directory.find_group(g)) self_->send(group, agent_available{m_.view(rev_), 0});
    }
  }

  /// Something groups should know; `freed`: there may be room that was not. `ended`: a service whose end a line that has just
  /// come may have missed, for the session pushes it to those it knows of.
  void changed(bool freed, const service_ended* ended = nullptr) {
    ++rev_;
    probe_->state = to_string(m_.status()).data();
    if (freed && m_.status() == agent_status::online && m_.room() > 0) {
      if (round_) again_ = true;
      else ask_groups();
    } else {
      tell_groups();
    }
    if (!connections_.empty()) push("agent.state_changed", agent_pushes::state(m_, rev_, ended));
  }

  // ---- sessions

  void on_offer_made(offer_made& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    ++rev_;
    push("agent.offer", agent_pushes::offer(m, rev_));
    auto id = m.offer;
    self_->send(session, agent_readers{m_.config().id, connections_});
    offers_.insert_or_assign(id, pending_offer{std::move(m), session});
  }

  void on_offer_over(const offer_over& m) {
    offers_.erase(m.offer);
    auto reserved = m_.release(m.offer);
    ++rev_;
    push("agent.offer_withdrawn", agent_pushes::offer_withdrawn(m, rev_));
    if (m.missed && reserved) missed(m, reserved->group);
    if (reserved) changed(true);
    check_drained();
  }

  void missed(const offer_over& m, const group_id& group) {
    auto before = m_.record().status;
    commit(events_of_miss(*services_.config(), m_.record(), group, m.session));
    if (before != agent_status::offline && m_.record().status == agent_status::offline) leave("missed offers");
  }

  void on_service_began(const service_began& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    offers_.erase(m.offer);
    m_.serve(m.offer, m.session, {m.group, m.weight, m.since}, m.since);
    sessions_[m.session] = session;
    ++rev_;
    tell_session(m.session, "owner", "began");
    if (!connections_.empty()) self_->send(session, agent_readers{m_.config().id, connections_});
    // The group that reserved knows; the others hear of the room that is gone.
    for (auto& g : m_.config().groups) {
      if (g == m.group && !m.recovered) continue;
      if (auto group = services_.directory.find_group(g)) self_->send(group, agent_available{m_.view(rev_), 0});
    }
    if (m_.status() == agent_status::offline) self_->send(session, agent_lost{m.session, m_.config().id, "offline"});
  }

  void on_service_ended(const service_ended& m) {
    if (m.cause == "wrapped_up") return end_wrap_up(m.session);
    // Over while it was only offered: the reservation goes, nothing was served.
    for (auto it = offers_.begin(); it != offers_.end(); ++it) {
      if (it->second.what.session != m.session) continue;
      return on_offer_over(offer_over{m.session, it->first, "withdrawn", false});
    }
    sessions_.erase(m.session);
    auto held = m_.end_service(m.session);
    if (!held) return;
    ++rev_;
    tell_session(m.session, "owner", m.cause);
    agent_event::served e{m.session, {}, m_.record().last_assigned, m_.record().assigned_today, m_.record().day};
    if (m.wrap_up) e.after = wrap_up_after(*services_.config(), m.session, *held, now());
    commit({e});
    changed(true, &m);
    check_drained();
  }

  void on_alert(const agent_alert& m) {
    probe_->note(now());
    auto customer = board_.take(m);
    ++rev_;
    packer p;
    board_.pack(p, customer, rev_);
    push("agent.alert", p.view());
  }

  // ---- sessions of others

  void on_snoozed(const service_snoozed& m) {
    if (!m_.snooze(m.session, m.until)) return;
    ++rev_;
    tell_session(m.session, "owner", "snoozed");
    changed(true);
    check_drained();
  }

  void on_hold(const hold_room& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    auto refusal = m.takeover ? m_.takeover_refusal(m.weight) : m_.refusal(m.weight);
    if (refusal.empty()) {
      agent_machine::reservation r{m.session, m.group, m.weight, now() + services_.options.reservation_patience};
      SB_INVARIANT(m.takeover ? m_.reserve_takeover(m.offer, std::move(r)) : m_.reserve(m.offer, std::move(r)));
      ++rev_;
      tell_groups();
      arm();
    }
    self_->send(session, room_held{m.session, m.offer, m_.config().id, m_.config().name, std::move(refusal)});
  }

  void on_guest_began(const guest_began& m) {
    auto session = caf::actor_cast<session_actor>(self_->current_sender());
    offers_.erase(m.offer);
    m_.join(m.offer, m.session, {m.as, m.group, m.weight, m.since});
    sessions_[m.session] = session;
    ++rev_;
    tell_session(m.session, m.as, "began");
    self_->send(session, agent_readers{m_.config().id, connections_});
    tell_groups();
    // Agents who join are on duty; a supervisor need only be there.
    bool gone = m.weight > 0 ? m_.status() == agent_status::offline : connections_.empty() && m_.status() == agent_status::offline;
    if (gone) self_->send(session, agent_lost{m.session, m_.config().id, "offline"});
  }

  void on_guest_ended(const guest_ended& m) {
    auto g = m_.end_guest(m.session);
    if (!g) return;
    if (!m_.serving().contains(m.session)) sessions_.erase(m.session);
    ++rev_;
    tell_session(m.session, g->as, m.reason);
    if (g->weight > 0) changed(true);
    check_drained();
  }

  void leave_guests(const std::string& why) {
    for (auto& [session, g] : m_.guests()) {
      if (auto who = sessions_.find(session); who != sessions_.end()) {
        self_->send(who->second, agent_lost{session, m_.config().id, why});
      }
    }
  }

  void tell_session(const session_id& session, const std::string& as, const std::string& change) {
    if (!connections_.empty()) push("agent.session", agent_pushes::session_change(session, as, change, m_.used(), rev_));
  }

  void end_wrap_up(const session_id& session) {
    auto& all = m_.record().wrap_ups;
    if (std::ranges::none_of(all, [&](auto& w) { return w.session == session; })) return;
    commit({agent_event::wrap_up_ended{session}});
    changed(true);
  }

  /// Draining ends when there is nothing left to do, and it may begin so.
  void check_drained() {
    if (m_.record().status != agent_status::draining) return;
    if (m_.idle()) finish_draining();
  }

  void finish_draining() {
    if (removed_) return retire();
    commit({agent_event::presence_changed{agent_status::away, "drained"}});
    changed(false);
  }

  // ---- the configuration

  /// Sessions, reservations, wrap-ups and counters stay; a lower limit takes nothing away, it only grants nothing more.
  void on_configuration(const configuration_changed&) {
    probe_->note(now());
    auto config = services_.config();
    auto mine = std::ranges::find(config->agents, m_.config().id, &config::agent_config::id);
    if (mine == config->agents.end()) return remove();
    removed_ = false;
    if (*mine == m_.config()) return;
    m_.configure(*mine);
    changed(true);
  }

  /// The account is gone: what is being served is finished, nothing new comes.
  void remove() {
    if (std::exchange(removed_, true)) return;
    if (m_.record().status != agent_status::offline && m_.record().status != agent_status::draining) {
      commit({agent_event::presence_changed{agent_status::draining, "the account is removed"}});
    }
    drain_until_ = now() + services_.options.drain_limit;
    changed(false);
    check_drained();
    if (m_.record().status == agent_status::offline) retire();
    arm();
  }

  void retire() {
    leave("the account is removed");
    if (m_.record().status != agent_status::offline) {
      commit({agent_event::presence_changed{agent_status::offline, "the account is removed"}});
      changed(false);
    }
    self_->send(services_.directory.configuration, agent_retired{m_.config().id, codec::pack(m_.record())});
  }

  /// Gone for good: the sessions go back to their queues with their old age.
  void leave(const std::string& why) {
    for (auto& [session, who] : sessions_) self_->send(who, agent_lost{session, m_.config().id, why});
    for (auto& [offer, p] : offers_) self_->send(p.session, agent_lost{p.what.session, m_.config().id, "disconnected"});
  }

  // ---- time and the journal

  void arm() {
    auto next = m_.next_deadline();
    if (round_ && round_->awaited > 0) next = next ? std::min(*next, round_deadline_) : round_deadline_;
    if (m_.record().status == agent_status::draining) next = next ? std::min(*next, drain_until_) : drain_until_;
    if (!next || (armed_for_ != timestamp{} && armed_for_ <= *next)) return;
    armed_for_ = *next;
    self_->send(services_.directory.timekeeper_of(entity_shard('a', m_.config().id.value)), arm_timer{*next, ++generation_});
  }

  void on_wake(const wake& m) {
    if (m.generation != generation_) return;
    armed_for_ = {};
    auto t = now();
    if (round_ && round_->awaited > 0 && round_deadline_ <= t) {
      round_->awaited = 0;
      decide_round();
    }
    if (m_.grace_until() && *m_.grace_until() <= t && !m_.connected()) {
      m_.line_lost(t);
      commit({agent_event::presence_changed{agent_status::offline, "connection lost"}});
      m_.line_back();
      changed(false);
      leave("connection lost");
    }
    std::vector<session_id> done;
    for (auto& w : m_.record().wrap_ups) {
      if (w.until <= t) done.push_back(w.session);
    }
    for (auto& s : done) end_wrap_up(s);
    settle_reservations(t);
    check_drained();
    if (m_.record().status == agent_status::draining && drain_until_ <= t) finish_draining();
    arm();
  }

  /// A reservation that outlived its offer is settled by asking the session, never freed blind. A session that is not in
  /// memory is over and cannot take it any more.
  void settle_reservations(timestamp t) {
    std::vector<offer_id> gone;
    for (auto& [offer, r] : m_.reservations()) {
      if (r.expires_at > t || offers_.contains(offer)) continue;
      auto session = services_.directory.sessions.find(r.session);
      if (session) self_->send(session, offer_query{r.session, offer});
      else gone.push_back(offer);
    }
    for (auto& o : gone) m_.release(o);
    m_.postpone_reservations(t, services_.options.reservation_patience);
    if (!gone.empty()) changed(true);
  }

  store::position commit(std::vector<agent_payload> events) {
    store::record r;
    r.kind = store::entity_kind::agent;
    r.shard = entity_shard('a', m_.config().id.value);
    r.at = now();
    r.key = m_.config().id.value;
    for (auto& e : events) {
      m_.apply_event(e, r.at);
      encode(e, r.at, r.events);
    }
    r.entity_seq = m_.record().seq;
    auto at = services_.journal.append(std::move(r));
    arm();  // a wrap-up that began ends by itself, also when nothing else of a full agent moves
    return at;
  }

  void on_status(const status_request& m) { m.reply.ok(services_.journal.last(), agent_pushes::status(m_)); }

  agent_actor::pointer self_;
  const agent_services& services_;
  agent_machine m_;
  alert_board board_;
  std::shared_ptr<actor_probe> probe_;
  std::uint64_t rev_;
  std::vector<outbox_ptr> connections_;
  std::map<session_id, session_actor> sessions_;
  std::map<offer_id, pending_offer> offers_;
  std::optional<scheduling_round> round_;
  std::uint64_t next_round_ = 0;
  bool again_ = false;
  bool removed_ = false;  // from the configuration: ends when it has nothing left to do
  timestamp round_deadline_{}, drain_until_{}, armed_for_{};
  std::uint64_t generation_ = 0;
};

}  // namespace

agent_actor spawn_agent(caf::actor_system& system, const agent_services& services, config::agent_config config,
                        agent_record record, std::vector<agent_machine::served_session> served) {
  std::ranges::sort(served, {}, [](auto& s) { return s.what.since; });
  return system.spawn<hosted_actor<agent_actor, agent_body>>(std::cref(services), std::move(config), std::move(record),
                                                             std::move(served));
}

}  // namespace switchboard
