#include <algorithm>

#include "actors/skill_group/group_body.hpp"

namespace switchboard {

group_actor::behavior_type group_body::make_behavior() {
  return {
      // What every session brings comes first: CAF looks through them in this order.
      [this](const agent_available& m) { on_agent(m); },
      [this](const enter_queue& m) { on_enter(m); },
      [this](const room_answer& m) { on_room_answer(m); },
      [this](const proposal_answered& m) { on_proposal_answered(m); },
      [this](const leave_queue& m) { on_leave(m); },
      [this](const return_to_queue& m) { on_return_to_queue(m); },
      [this](const ask_position& m) { on_ask_position(m); },
      [this](const claim_waiter& m) { on_claim(m); },
      [this](explain_waiter& m) { on_explain(m); },
      [this](const configuration_changed& m) { on_configuration(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const status_request& m) { on_status(m); },
  };
}

void group_body::on_enter(const enter_queue& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  if (m.recovered) dispatcher_.registered();
  auto how = m.recovered ? admission::returning : admission::fresh;
  if (!dispatcher_.open()) return turn_away(m.what, session, how);
  auto outcome = dispatcher_.enter(m.what, now(), how);
  if (outcome == enter_outcome::full) {
    self_->send(session, queue_refused{m.what.session, id_, "the queue holds as many as it may",
                                       dispatcher_.options().on_full});
    return;
  }
  sessions_[m.what.session] = session;
  pump();
  // Somebody who is not served at once hears where they stand.
  if (!pending_.contains(m.what.session)) tell_position(m.what.session, session);
  arm();
}

void group_body::on_return_to_queue(const return_to_queue& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  sessions_[m.what.session] = session;
  if (auto it = pending_.find(m.what.session); it != pending_.end()) {
    // Whom it was offered to is the session's to say: it may come back for another reason, as a
    // bump.
    bool asked = std::ranges::find(m.what.asked, it->second.agent) != m.what.asked.end();
    dispatcher_.proposal_failed(
        m.what.session, it->second.agent,
        asked ? proposal_failure::missed : proposal_failure::session_refused, now());
    pending_.erase(it);
  }
  if (!dispatcher_.open()) return turn_away(m.what, session, admission::returning);
  dispatcher_.enter(m.what, now(), admission::returning);
  pump();
  arm();
}

void group_body::on_leave(const leave_queue& m) {
  auto* c = dispatcher_.find(m.session);
  if (!c) {
    sessions_.erase(m.session);
    kept_.erase(m.session);
    return;
  }
  auto waited = std::chrono::duration_cast<millis>(now() - c->opened_at);
  if (m.cause == leave_cause::accepted) dispatcher_.note_accepted(waited, now());
  if (m.cause == leave_cause::abandoned) dispatcher_.note_abandoned(waited, now());
  if (auto it = pending_.find(m.session); it != pending_.end()) {
    bool taken = m.cause == leave_cause::accepted || m.cause == leave_cause::joined;
    if (taken)
      dispatcher_.proposal_taken(m.session, it->second.agent, now());
    else
      dispatcher_.proposal_failed(m.session, it->second.agent, proposal_failure::session_refused,
                                  now());
    // A reservation still on its way is released when its answer comes and finds no proposal; one
    // that was put to the session, when the session answers.
    pending_.erase(it);
  }
  dispatcher_.leave(m.session, now());
  sessions_.erase(m.session);
  pump();
  arm();
}

void group_body::on_ask_position(const ask_position& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  if (session && dispatcher_.contains(m.session)) tell_position(m.session, session);
}

void group_body::tell_position(const session_id& id, const session_actor& session) {
  auto position = dispatcher_.position(id);
  if (!position) return;
  position_is m{id, id_, static_cast<int>(*position), {}};
  if (auto e = dispatcher_.eta(id, now())) m.eta = time_estimate{e->p50_ms, e->p90_ms};
  self_->send(session, std::move(m));
}

void group_body::on_proposal_answered(const proposal_answered& m) {
  auto put = put_.find(m.offer);
  if (put == put_.end()) return;
  if (!m.taken) self_->send(put->second.agent, release_room{m.offer});
  put_.erase(put);
  auto it = find_pending(m.session, m.offer);
  if (it == pending_.end()) return;
  if (m.taken) {
    // The session tells what becomes of it: leave_queue when assigned, return_to_queue when the
    // offer fails.
    it->second.until = now() + millis{24 * 3'600'000};
    return;
  }
  dispatcher_.proposal_failed(m.session, it->second.agent, proposal_failure::session_refused,
                              now());
  pending_.erase(it);
  pump();
  arm();
}

void group_body::on_agent(const agent_available& m) {
  auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
  queue_head head{m.round, id_, false, {}, {}, 1, {}};
  if (!is_member(m.view.id)) {
    if (m.round != 0) self_->send(agent, std::move(head));
    return;
  }
  agents_[m.view.id] = agent;
  dispatcher_.agent_changed(m.view, now());
  // Routers and reports hear of it also where nobody waits.
  report_soon();
  if (m.round != 0) {
    if (auto c = dispatcher_.ready(now()) && !by_claim() ? dispatcher_.head_for(m.view.id, now())
                                                         : std::nullopt) {
      if (dispatcher_.mark_proposed(c->session, m.view.id, now())) {
        head.any = true;
        head.offer = next_offer(c->session);
        head.session = c->session;
        head.weight = c->need.weight;
        head.urgency = c->urgency();
        pending_.insert_or_assign(c->session,
                                  pending_offer{head.offer, m.view.id, "freed: first in line here",
                                                now() + services_.options.proposal_patience, false,
                                                note_of_freed(dispatcher_.options().strategy)});
      }
    }
    // What was kept elsewhere for a heavy one that is served here is free for others.
    const bool gave_room_back = head.any && head.weight > 1;
    self_->send(agent, std::move(head));
    if (gave_room_back) pump();
  } else {
    pump();
  }
  arm();
}

void group_body::on_room_answer(const room_answer& m) {
  auto it = find_pending(m.session, m.offer);
  auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
  if (it == pending_.end()) {
    // The session left meanwhile, or it took too long.
    if (m.refusal.empty()) self_->send(agent, release_room{m.offer});
    dispatcher_.agent_changed(m.view, now());
    return arm();
  }
  auto session = sessions_.find(m.session);
  if (m.refusal.empty() && session != sessions_.end()) {
    dispatcher_.agent_changed(m.view, now());
    if (gives_way(m)) {
      self_->send(agent, release_room{m.offer});
      pending_.erase(it);
      pump();
      return arm();
    }
    it->second.put_to_session = true;
    put_.insert_or_assign(m.offer, put_offer{agent, now() + put_kept});
    propose(m.session, it->second, session->second, agent);
    report_soon();
    return arm();
  }
  if (m.refusal.empty()) self_->send(agent, release_room{m.offer});
  claims_.refuse(m.offer, m.refusal.empty() ? "it does not wait here any more" : m.refusal);
  dispatcher_.proposal_failed(m.session, it->second.agent, proposal_failure::agent_refused, now(),
                              m.view);
  pending_.erase(it);
  pump();
  arm();
}

/// Somebody who stands before it came into the queue, or back into it, while the agent was being
/// asked, and could have the room. What an agent claimed by name is its own choice.
bool group_body::gives_way(const room_answer& m) {
  return !by_claim() && !claims_.holds(m.offer) &&
         dispatcher_.give_way(m.session, m.view.id, now());
}

void group_body::propose(const session_id& id, const pending_offer& p, const session_actor& session,
                         const agent_actor& agent) {
  auto& o = dispatcher_.options();
  propose_agent m{id, {}, {}, {}};
  m.what.offer = p.offer;
  auto name = names_.find(p.agent);
  m.what.agent = participant{"agent", p.agent.value, name == names_.end() ? "" : name->second};
  m.what.group = id_;
  auto claim = claims_.take(p.offer);
  m.what.automatic = o.offer.accept == config::accept_mode::automatic || claim;
  if (claim) {
    m.claimed = claim->reply;
    m.claimed_by = claim->key;
  }
  m.what.timeout = o.offer.timeout;
  m.what.why = p.why;
  m.what.decision = p.decision;
  m.what.new_round = dispatcher_.in_new_round(id);
  self_->send(session, std::move(m), caf::actor_cast<caf::strong_actor_ptr>(agent));
}

group_actor spawn_group(caf::actor_system& system, const group_services& services,
                        config::group_config config, std::size_t expected, agent_id last_assigned) {
  return system.spawn<hosted_actor<group_actor, group_body>>(std::cref(services), std::move(config),
                                                             expected, std::move(last_assigned));
}

}  // namespace switchboard
