#include <algorithm>

#include "actors/agent/agent_body.hpp"
#include "actors/skill_group/agent_view.hpp"

/// What an agent has to do with sessions: offered, served, joined, wrapped up.
namespace switchboard {

// ---- sessions

void agent_body::on_offer_made(offer_made& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  ++rev_;
  push("agent.offer", agent_pushes::offer(m, rev_));
  auto id = m.offer;
  self_->send(session, agent_readers{m_.config().id, connections_});
  offers_.insert_or_assign(id, pending_offer{std::move(m), session});
}

void agent_body::on_offer_over(const offer_over& m) {
  offers_.erase(m.offer);
  auto reserved = m_.release(m.offer);
  ++rev_;
  push("agent.offer_withdrawn", agent_pushes::offer_withdrawn(m, rev_));
  if (m.missed && reserved) missed(m, reserved->group);
  if (reserved) changed(true);
  check_drained();
  arm();
}

void agent_body::missed(const offer_over& m, const group_id& group) {
  auto before = m_.record().status;
  commit(events_of_miss(*services_.config(), m_.record(), group, m.session));
  if (before != agent_status::offline && m_.record().status == agent_status::offline)
    leave("missed offers");
}

void agent_body::on_service_began(const service_began& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  offers_.erase(m.offer);
  m_.serve(m.offer, m.session, {m.group, m.weight, m.since}, wall(), now());
  sessions_[m.session] = session;
  ++rev_;
  tell_session(m.session, "owner", "began");
  if (!connections_.empty()) self_->send(session, agent_readers{m_.config().id, connections_});
  // The group that reserved knows; the others hear of the room that is gone.
  for (auto& g : m_.config().groups) {
    if (g == m.group && !m.recovered) continue;
    if (auto group = services_.directory.find_group(g))
      self_->send(group, agent_available{m_.view(rev_), 0});
  }
  if (m_.status() == agent_status::offline)
    self_->send(session, agent_lost{m.session, m_.config().id, "offline"});
  arm();
}

void agent_body::on_service_ended(const service_ended& m) {
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
  agent_event::served e{
      m.session, {}, m_.record().last_assigned, m_.record().assigned_today, m_.record().day};
  if (m.wrap_up) e.after = wrap_up_after(*services_.config(), m.session, *held, wall());
  commit({e});
  changed(true, &m);
  check_drained();
}

void agent_body::on_alert(const agent_alert& m) {
  std::erase_if(of_others_, [&](auto& a) { return a.session == m.session; });
  if (m.what != "cleared" && m.serving != m_.config().id) {
    if (of_others_.size() >= alert_list::most) of_others_.erase(of_others_.begin());
    of_others_.push_back(m);
  }
  auto customer = board_.take(m);
  ++rev_;
  packer p;
  board_.pack(p, customer, rev_);
  push("agent.alert", p.view());
}

void agent_body::forget_alerts_of_others() {
  for (auto& a : std::exchange(of_others_, {})) {
    a.what = "cleared";
    a.unread = 0;
    on_alert(a);
  }
}

// ---- sessions of others

void agent_body::on_snoozed(const service_snoozed& m) {
  if (!m_.snooze(m.session, m.until)) return;
  ++rev_;
  tell_session(m.session, "owner", "snoozed");
  changed(true);
  check_drained();
}

void agent_body::on_hold(const hold_room& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  // Weight 0 asks only whether the agent may be waited for: nothing is held.
  auto refusal = m.weight == 0 ? absence()
                 : m.takeover  ? m_.takeover_refusal(m.weight)
                               : m_.refusal(m.weight);
  if (refusal.empty() && m.weight > 0) {
    agent_machine::reservation r{m.session, m.group, m.weight,
                                 now() + services_.options.reservation_patience};
    SB_INVARIANT(m.takeover ? m_.reserve_takeover(m.offer, std::move(r))
                            : m_.reserve(m.offer, std::move(r)));
    ++rev_;
    tell_groups();
    arm();
  }
  self_->send(session,
              room_held{m.session, m.offer, m_.config().id, m_.config().name, std::move(refusal)});
}

/// Why it makes no sense to wait for this agent; empty where it does.
std::string agent_body::absence() const {
  const auto state = m_.status();
  const bool comes = state != agent_status::offline && state != agent_status::draining;
  return comes ? std::string{} : "state: " + std::string(to_string(state));
}

void agent_body::on_guest_began(const guest_began& m) {
  auto session = caf::actor_cast<session_actor>(self_->current_sender());
  offers_.erase(m.offer);
  m_.join(m.offer, m.session, {m.as, m.group, m.weight, m.since});
  sessions_[m.session] = session;
  ++rev_;
  tell_session(m.session, m.as, "began");
  self_->send(session, agent_readers{m_.config().id, connections_});
  tell_groups();
  // Agents who join are on duty; a supervisor need only be there.
  bool gone = m.weight > 0 ? m_.status() == agent_status::offline
                           : connections_.empty() && m_.status() == agent_status::offline;
  if (gone) self_->send(session, agent_lost{m.session, m_.config().id, "offline"});
  arm();
}

void agent_body::on_guest_ended(const guest_ended& m) {
  auto g = m_.end_guest(m.session);
  if (!g) return;
  if (!m_.serving().contains(m.session)) sessions_.erase(m.session);
  ++rev_;
  tell_session(m.session, g->as, m.reason);
  if (g->weight > 0) changed(true);
  check_drained();
}

void agent_body::leave_guests(const std::string& why) {
  for (auto& [session, g] : m_.guests()) {
    if (auto who = sessions_.find(session); who != sessions_.end()) {
      self_->send(who->second, agent_lost{session, m_.config().id, why});
    }
  }
}

void agent_body::tell_session(const session_id& session, const std::string& as,
                              const std::string& change) {
  if (!connections_.empty())
    push("agent.session", agent_pushes::session_change(session, as, change, m_.used(), rev_));
}

void agent_body::end_wrap_up(const session_id& session) {
  auto& all = m_.record().wrap_ups;
  if (std::ranges::none_of(all, [&](auto& w) { return w.session == session; })) return;
  commit({agent_event::wrap_up_ended{session}});
  changed(true);
}

void agent_body::check_drained() {
  if (m_.record().status != agent_status::draining) return;
  if (m_.idle()) finish_draining();
}

void agent_body::finish_draining() {
  if (removed_) return retire();
  commit({agent_event::presence_changed{agent_status::away, "drained"}});
  changed(false);
}

}  // namespace switchboard
