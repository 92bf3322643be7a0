#include <algorithm>

#include "actors/agent/agent_body.hpp"
#include "actors/skill_group/agent_view.hpp"

namespace switchboard {

agent_actor::behavior_type agent_body::make_behavior() {
  return {
      // What every session brings comes first: CAF looks through them in this order.
      [this](const reserve_room& m) { on_reserve(m); },
      [this](const service_began& m) { knows_ = services_.journal.last(), on_service_began(m); },
      [this](const service_ended& m) { knows_ = services_.journal.last(), on_service_ended(m); },
      [this](queue_head& m) { on_head(m); },
      [this](offer_made& m) { knows_ = services_.journal.last(), on_offer_made(m); },
      [this](const offer_over& m) { knows_ = services_.journal.last(), on_offer_over(m); },
      [this](const release_room& m) { on_release(m); },
      [this](agent_call& m) { on_call(m); },
      [this](agent_connection& m) { on_connection(m); },
      [this](const configuration_changed& m) {
        knows_ = services_.journal.last(), on_configuration(m);
      },
      [this](const service_snoozed& m) { knows_ = services_.journal.last(), on_snoozed(m); },
      [this](const hold_room& m) { on_hold(m); },
      [this](const guest_began& m) { knows_ = services_.journal.last(), on_guest_began(m); },
      [this](const guest_ended& m) { knows_ = services_.journal.last(), on_guest_ended(m); },
      [this](const agent_alert& m) { knows_ = services_.journal.last(), on_alert(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const status_request& m) { on_status(m); },
  };
}

// ---- groups

bool agent_body::take_head(queue_head c) {
  auto group = caf::actor_cast<group_actor>(self_->current_sender());
  if (!round_ || round_->awaited == 0) return answer_room(c, group);
  round_->heads.push_back({std::move(c), group});
  return false;
}

bool agent_body::answer_room(const queue_head& c, const group_actor& group) {
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

void agent_body::on_release(const release_room& m) {
  if (m_.release(m.offer)) changed(true);
  check_drained();
  arm();
}

void agent_body::on_head(queue_head& m) {
  if (!round_ || m.round != round_->number || round_->awaited == 0) {
    // Late: the round was decided without it. What room is left is its own, and after it that of
    // whoever else waits there.
    if (m.any && take_head(std::move(m))) ask_groups();
    return;
  }
  if (m.any)
    round_->heads.push_back({std::move(m), caf::actor_cast<group_actor>(self_->current_sender())});
  if (--round_->awaited == 0) decide_round();
}

void agent_body::decide_round() {
  auto heads = std::move(round_->heads);
  round_.reset();
  std::ranges::sort(heads, [](auto& a, auto& b) {
    return std::tie(a.first.urgency, a.first.session) < std::tie(b.first.urgency, b.first.session);
  });
  bool granted = false;
  for (auto& [c, group] : heads) granted = answer_room(c, group) || granted;
  if (std::exchange(again_, false) || granted) ask_groups();
  arm();
}

void agent_body::ask_groups() {
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
  round_->deadline = now() + services_.options.round_deadline;
  arm();
}

void agent_body::tell_groups() {
  for (auto& g : m_.config().groups) {
    if (auto group = services_.directory.find_group(g))
      self_->send(group, agent_available{m_.view(rev_), 0});
  }
}

void agent_body::changed(bool freed, const service_ended* ended) {
  if (retired_) return;
  ++rev_;
  probe_->state = to_string(m_.status()).data();
  if (freed && m_.status() == agent_status::online && m_.room() > 0) {
    if (round_)
      again_ = true;
    else
      ask_groups();
  } else {
    tell_groups();
  }
  if (!connections_.empty()) push("agent.state_changed", agent_pushes::state(m_, rev_, ended));
}

// ---- the configuration

void agent_body::on_configuration(const configuration_changed&) {
  // Where it is a guest it is asked anew whether it may be.
  for (auto& [session, g] : m_.guests()) {
    if (auto who = sessions_.find(session); who != sessions_.end())
      self_->send(who->second, agent_readers{m_.config().id, connections_});
  }
  auto config = services_.config();
  auto mine = std::ranges::find(config->agents, m_.config().id, &config::agent_config::id);
  if (mine == config->agents.end()) return remove();
  removed_ = retired_ = false;
  const auto& before = m_.config();
  if (*mine == before) return;
  const bool moved =
      mine->role != before.role || mine->team != before.team || mine->groups != before.groups;
  m_.configure(*mine);
  if (moved) forget_alerts_of_others();
  withdraw_offers([&](const offer_made& o) {
    // What a group that is gone has offered, it settles itself.
    const bool goes_on = std::ranges::find(config->groups, o.group, &config::group_config::id) !=
                         config->groups.end();
    return goes_on && std::ranges::find(mine->groups, o.group) == mine->groups.end();
  });
  changed(true);
}

void agent_body::remove() {
  if (std::exchange(removed_, true)) return;
  const auto& set_aside = services_.config()->disabled_agents;
  const bool disabled =
      std::ranges::find(set_aside, m_.config().id, &config::agent_config::id) != set_aside.end();
  why_removed_ = disabled ? "the account is disabled" : "the account is removed";
  if (m_.record().status != agent_status::offline && m_.record().status != agent_status::draining) {
    commit({agent_event::presence_changed{agent_status::draining, why_removed_}});
  }
  drain_until_ = now() + services_.options.drain_limit;
  forget_alerts_of_others();
  withdraw_offers([](const offer_made&) { return true; });
  changed(false);
  check_drained();
  if (m_.record().status == agent_status::offline) retire();
  arm();
}

void agent_body::retire() {
  if (retired_) return;
  leave(why_removed_);
  if (m_.record().status != agent_status::offline) {
    commit({agent_event::presence_changed{agent_status::offline, why_removed_}});
    changed(false);
  }
  // Who is given the account again logs in anew.
  for (auto& c : connections_) c->end();
  self_->send(services_.directory.configuration,
              agent_retired{m_.config().id, codec::pack(m_.record())});
  retired_ = true;
}

void agent_body::leave(const std::string& why) {
  for (auto& [session, who] : sessions_) self_->send(who, agent_lost{session, m_.config().id, why});
  withdraw_offers([](const offer_made&) { return true; });
}

void agent_body::withdraw_offers(const std::function<bool(const offer_made&)>& which) {
  for (auto& [offer, p] : offers_) {
    if (which(p.what))
      self_->send(p.session, agent_lost{p.what.session, m_.config().id, "disconnected"});
  }
}

// ---- time and the journal

void agent_body::arm() {
  auto next = m_.next_deadline();
  if (round_ && round_->awaited > 0)
    next = next ? std::min(*next, round_->deadline) : round_->deadline;
  if (m_.record().status == agent_status::draining)
    next = next ? std::min(*next, drain_until_) : drain_until_;
  if (auto day = m_.day_ends()) {
    const auto ends = running_time_of(services_.clock, *day);
    next = next ? std::min(*next, ends) : ends;
  }
  if (next)
    timer_.arm(*next);
  else
    timer_.cancel();
}

void agent_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  if (retired_) return;
  auto t = now();
  if (round_ && round_->awaited > 0 && round_->deadline <= t) {
    round_->awaited = 0;
    decide_round();
  }
  if (m_.grace_until() && *m_.grace_until() <= t && !m_.connected()) {
    m_.line_lost(t);
    commit({agent_event::presence_changed{agent_status::offline, "connection lost"}});
    m_.line_back();
    changed(false);
    leave("connection lost");
    // Nobody can log in under it any more: it would be offline and never end.
    if (removed_) retire();
  }
  for (auto& s : m_.wrap_ups_over(t)) end_wrap_up(s);
  if (m_.day_passes(wall())) {
    ++rev_;
    tell_groups();
  }
  settle_reservations(t);
  check_drained();
  if (m_.record().status == agent_status::draining && drain_until_ <= t) finish_draining();
  arm();
}

void agent_body::settle_reservations(timestamp t) {
  std::vector<offer_id> gone;
  for (auto& [offer, r] : m_.reservations()) {
    if (r.expires_at > t || offers_.contains(offer)) continue;
    auto session = services_.directory.sessions.find(r.session);
    if (session)
      self_->send(session, offer_query{r.session, offer});
    else
      gone.push_back(offer);
  }
  for (auto& o : gone) m_.release(o);
  m_.postpone_reservations(t, services_.options.reservation_patience);
  if (!gone.empty()) changed(true);
}

store::position agent_body::commit(std::vector<agent_payload> events) {
  // Its record is handed on: whoever is given the account again goes on from there, and two would
  // write it.
  if (retired_) return services_.journal.last();
  store::record r;
  r.kind = store::entity_kind::agent;
  r.shard = entity_shard('a', m_.config().id.value);
  r.at = std::max(wall(), m_.record().since);
  r.key = m_.config().id.value;
  const auto running = now();
  for (auto& e : events) {
    if (auto* x = std::get_if<agent_event::presence_changed>(&e)) {
      x->lasted = m_.in_state_for(running);
      x->zone = m_.zone();
    }
    m_.apply_event(e, r.at, running);
    encode(e, r.at, r.events);
  }
  r.entity_seq = m_.record().seq;
  auto at = knows_ = services_.journal.append(std::move(r));
  arm();  // a wrap-up that began ends by itself, also when nothing else of a full agent moves
  return at;
}

agent_actor spawn_agent(caf::actor_system& system, const agent_services& services,
                        config::agent_config config, agent_record record,
                        std::vector<agent_machine::served_session> served) {
  std::ranges::sort(served, {}, [](auto& s) { return s.what.since; });
  return system.spawn<hosted_actor<agent_actor, agent_body>>(std::cref(services), std::move(config),
                                                             std::move(record), std::move(served));
}

}  // namespace switchboard
