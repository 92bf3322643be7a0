#include <algorithm>

#include "actors/agent/agent_body.hpp"
#include "actors/agent/move_tally.hpp"
#include "actors/skill_group/agent_view.hpp"

namespace switchboard {
namespace {

constexpr answer_limits answers_kept{2'000, 256u << 10};

std::string empty_answer() {
  return std::string(1, '\x80');
}

std::string nothing_moved() {
  packer p;
  p.map(3).str("sessions").uinteger(0).str("asked").uinteger(0).str("stayed").array(0);
  return p.take();
}

}  // namespace

agent_actor::behavior_type agent_body::make_behavior() {
  return {
      // What every session brings comes first: CAF looks through them in this order.
      [this](const reserve_room& m) { on_reserve(m); },
      [this](const service_began& m) { on_service_began(m); },
      [this](const service_ended& m) { on_service_ended(m); },
      [this](queue_head& m) { on_head(m); },
      [this](offer_made& m) { on_offer_made(m); },
      [this](const offer_over& m) { on_offer_over(m); },
      [this](const release_room& m) { on_release(m); },
      [this](agent_call& m) { on_call(m); },
      [this](agent_connection& m) { on_connection(m); },
      [this](const configuration_changed& m) { on_configuration(m); },
      [this](const service_snoozed& m) { on_snoozed(m); },
      [this](const hold_room& m) { on_hold(m); },
      [this](const guest_began& m) { on_guest_began(m); },
      [this](const guest_ended& m) { on_guest_ended(m); },
      [this](const agent_alert& m) { on_alert(m); },
      [this](const timer_fired& m) { on_timer(m); },
      [this](const status_request& m) { on_status(m); },
  };
}

// ---- connections and what the agent asks

void agent_body::on_connection(agent_connection& m) {
  if (m.attached) {
    // It logged in as its account went: nobody would tell it anything any more.
    if (retired_) return m.out->end();
    connections_.push_back(m.out);
    auto before = m_.status();
    m_.line_back();
    if (m_.status() != before) changed(true);
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
  for (auto& [session, who] : sessions_)
    self_->send(who, agent_readers{m_.config().id, connections_});
  for (auto& [offer, p] : offers_)
    self_->send(p.session, agent_readers{m_.config().id, connections_});
}

void agent_body::on_call(agent_call& m) {
  if (m.method == agent_method::moved) return on_moved(m);
  auto before = answered_before(m_.record().answered, m.known_by, wall(), answers_kept);
  if (!before) return m.reply.fail(services_.journal.last(), before.error());
  if (*before) return m.reply.again(services_.journal.last(), std::move(**before));
  switch (m.method) {
    case agent_method::moved:
      return;
    case agent_method::set_state:
      return set_state(m);
    case agent_method::snapshot:
      return snapshot(m.reply);
    case agent_method::accept:
    case agent_method::decline:
      return answer_offer(m);
    case agent_method::force_state:
      return set_state(m);
    case agent_method::move_sessions:
      return move_sessions(m);
    case agent_method::times:
      return m.reply.ok(services_.journal.last(),
                        agent_pushes::times(m_, m.from, m.to, wall(), m_.in_state_for(now())));
  }
}

store::position agent_body::settle(const agent_call& m, std::vector<agent_payload> events,
                                   const std::string& answer) {
  const auto& key = m.known_by.key;
  if (key.key != 0) events.emplace_back(answer_recorded{key.key, key.content, {answer}});
  return events.empty() ? services_.journal.last() : commit(std::move(events));
}

void agent_body::set_state(const agent_call& m) {
  auto wanted = status_named(m.state);
  if (!wanted) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::invalid_argument,
                              "state: expected online, away, busy, draining or offline",
                              "state",
                              {},
                              0});
  }
  // What a leader gives as reason is the leader's own.
  if (auto why =
          m.by.id.empty() ? reason_refused(*services_.config(), *wanted, m.reason) : std::string{};
      !why.empty()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::invalid_argument, why, "reason", {}, 0});
  }
  if (removed_ && *wanted != agent_status::offline && *wanted != agent_status::draining) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition, "state: " + why_removed_, "state", {}, 0});
  }
  if (*wanted != agent_status::offline && m_.status() == agent_status::offline && !m_.connected()) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition,
                              "state: " + m_.config().id.value + " has no connection",
                              "state",
                              {},
                              0});
  }
  bool same = m_.record().status == *wanted && m_.record().reason == m.reason;
  std::vector<agent_payload> events;
  if (!same) events.emplace_back(agent_event::presence_changed{*wanted, m.reason, m.by.id});
  const auto at = settle(m, std::move(events), empty_answer());
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
  m.reply.ok(at, empty_answer());
}

void agent_body::move_sessions(const agent_call& m) {
  if (joins_a_move(m)) return;
  auto refused = move_refused(*services_.config(), m_.config().id, m.to_group, m.to_agent);
  if (refused) return m.reply.fail(services_.journal.last(), *refused);
  // What it has only joined is another's, and stays there.
  std::vector<session_id> mine;
  for (auto& [session, held] : m_.serving()) {
    if (sessions_.contains(session)) mine.push_back(session);
  }
  if (mine.empty()) return m.reply.ok(settle(m, {}, nothing_moved()), nothing_moved());
  auto answered = m.reply;
  if (m.known_by.key.key != 0) {
    moves_.push_back(std::make_shared<keyed_move>(services_.directory, m));
    answered = {moves_.back(), 0};
  }
  auto tally = std::make_shared<move_tally>(answered, mine);
  for (std::uint32_t i = 0; i < mine.size(); ++i) {
    session_call c;
    c.method = session_method::move;
    c.session = mine[i];
    c.reply = {tally, i};
    c.by = m.by;
    c.text = m.reason;
    c.to_group = m.to_group;
    c.to_agent = m.to_agent;
    self_->send(sessions_.at(mine[i]), std::move(c));
  }
}

/// Asked for once more while the sessions are still asked: answered with the first.
bool agent_body::joins_a_move(const agent_call& m) {
  std::erase_if(moves_, [](auto& k) { return k->over(); });
  const auto& key = m.known_by.key;
  auto same = std::ranges::find_if(
      moves_, [&](auto& k) { return key.key != 0 && k->key().key == key.key; });
  if (same == moves_.end()) return false;
  if ((*same)->key() != key) {
    m.reply.fail(
        services_.journal.last(),
        error{errc::already_exists, "op_id: used before with other content", "op_id", {}, 0});
    return true;
  }
  return (*same)->add(m.reply);
}

void agent_body::on_moved(const agent_call& m) {
  const auto at = settle(m, {}, m.answer.bytes);
  for (auto& k : moves_) {
    if (k->key() != m.known_by.key) continue;
    for (auto& to : k->take_waiting()) to.ok(at, m.answer.bytes);
  }
}

void agent_body::snapshot(const reply_to& to) {
  std::vector<const offer_made*> offers;
  for (auto& [id, o] : offers_) offers.push_back(&o.what);
  to.ok(services_.journal.last(), agent_pushes::snapshot(m_, rev_, offers, board_));
}

void agent_body::answer_offer(const agent_call& m) {
  auto it = offers_.find(m.offer);
  auto session = it != offers_.end() ? it->second.session : session_actor{};
  auto id = session_of(m.offer.value);
  // An offer that is over here may still be told by its session who won.
  if (!session && id) session = services_.directory.sessions.find(*id);
  auto unknown = [&] {
    m.reply.fail(services_.journal.last(),
                 error{errc::not_found, "offer_id: there is no such offer", "offer_id", {}, 0});
  };
  if (!id) return unknown();
  if (!m.op_id.empty()) {
    // The session keeps the key, beside what came of the offer.
    session_call c;
    c.method = m.method == agent_method::accept ? session_method::accept_offer
                                                : session_method::decline_offer;
    c.session = *id;
    c.by = {"agent", m_.config().id.value, m_.config().name};
    c.op_id = m.op_id;
    c.text = m.offer.value;
    c.text2 = m.reason.empty() ? "declined" : m.reason;
    c.reply = m.reply;
    if (session)
      self_->send(session, std::move(c));
    else
      self_->send(services_.directory.directory_of(id->shard), std::move(c));
    return;
  }
  if (!session) return unknown();
  self_->send(session, offer_answer{*id, m.offer, m_.config().id, m.method == agent_method::accept,
                                    m.reason.empty() ? "declined" : m.reason, m.reply});
}

void agent_body::push(std::string_view method, std::string_view packed_map) {
  packer p;
  p.array(3).integer(2).str(method).array(1).raw(packed_map);
  auto frame = p.take();
  for (auto& c : connections_) c->notify(services_.journal.last(), frame);
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
  round_deadline_ = now() + services_.options.round_deadline;
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
    next = next ? std::min(*next, round_deadline_) : round_deadline_;
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
  auto at = services_.journal.append(std::move(r));
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
