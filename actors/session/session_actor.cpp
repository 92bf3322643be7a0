#include "actors/session/session_actor.hpp"

#include <algorithm>

#include "actors/router/lost_groups.hpp"
#include "actors/session/session_body.hpp"
#include "runtime/codec/kind_number.hpp"
#include "actors/session/session_time.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {

session_body::session_body(session_actor::pointer self, session_shown& shows, const session_services& services, session_state state,
                           std::optional<session_id> continues, agent_id continue_with, bool fresh)
    : self_(self),
      stay_(shows.stay),
      services_(services),
      s_(std::move(state)),
      own_(services.clock, session_time::latest_stamp(s_)),
      latest_stamp_(session_time::latest_stamp(s_)),
      probe_(shows.probe),
      continues_(continues),
      continue_with_(std::move(continue_with)),
      tail_(s_.seq + 1),
      keys_loaded_(fresh),
      last_touched_(own_.now()) {
  probe_.state = to_string(s_.phase).data();
  // Taken over from before: it counts as opened here, or nothing would add up. One that is over was read back to be looked at.
  if (fresh || s_.over()) return;
  services_.counters.opened += 1;
  services_.counters.in_phase[static_cast<std::size_t>(s_.phase)] += 1;
}

/// After a restart: back to where it stood. An open offer is over, which is nobody's miss.
void session_body::resume() {
  release_gone();
  // One that is over was read back to be looked at.
  if (s_.seq != 0 && s_.over()) return arm();
  if (s_.seq == 0 || !s_.dispatch) return;
  session_time::cut_to_spans(s_, now(), transfer_limits());
  auto& d = *s_.dispatch;
  if (d.found ? d.found->guessed() : s_.phase == session_phase::identifying) {
    self_->send(directory().identifier_of(s_.id.shard), identify{s_.id, d.request, s_.weight});
  } else if (d.found && !d.found->heard_by_person()) {
    // What the person was told may not have become durable.
    tell_trail(true);
  }
  switch (s_.phase) {
    case session_phase::identifying:
      if (d.found) ask_router();
      break;
    case session_phase::offered:
    case session_phase::waiting: {
      bool offered = s_.offer.has_value();
      for (auto& g : d.groups) {
        auto now_named = successor_of(g);
        if (directory().find_group(now_named)) standing_in_.add(std::move(now_named));
      }
      auto claim = make_claim();
      standing_in_.for_each([&](auto& g) { self_->send(directory().find_group(g), enter_queue{claim, true}); });
      if (offered) commit(session_machine::end_offer(s_, s_.offer->offer, "restart", false));
      if (standing_in_.empty() && !routing_) ask_router(true);
      break;
    }
    case session_phase::active:
      agent_ = directory().find_agent(agent_id{s_.serving->agent.id});
      tell_unread();
      if (agent_) {
        self_->send(agent_, service_began{s_.id, {}, s_.serving->group, s_.weight, s_.serving->since, true});
      } else {
        auto lost = session_transfer::owner_lost(s_, agent_id{s_.serving->agent.id}, "no such agent any more", now());
        if (lost.empty()) lost = session_attendance::wake(s_, "no such agent any more", {"system", "", ""}, now());
        commit(std::move(lost));
      }
      break;
    default: break;
  }
  resume_company();
  arm();
}

session_actor::behavior_type session_body::make_behavior() {
  resume();
  if (s_.over()) rest();
  return {
      // What every session brings comes first: CAF looks through them in this order.
      [this](send_message& m) { take_up(m, &session_body::on_send); },
      [this](session_call& m) { take_up(m, &session_body::on_call); },
      [this](open_session& m) { take_up(m, &session_body::on_open); },
      [this](identified_as& m) { take_up(m, &session_body::on_identified); },
      [this](routed& m) { take_up(m, &session_body::on_routed); },
      [this](propose_agent& m, const caf::strong_actor_ptr& agent) { on_propose(m, agent); },
      [this](agent_readers& m) { take_up(m, &session_body::on_agent_readers); },
      [this](const wake& m) { take_up(m, &session_body::on_wake); },
      [this](offer_answer& m) { take_up(m, &session_body::on_offer_answer); },
      [this](const position_is& m) { take_up(m, &session_body::on_position); },
      [this](step_chosen& m) { take_up(m, &session_body::on_step_chosen); },
      [this](transfer_routed& m) { take_up(m, &session_body::on_transfer_routed); },
      [this](const queue_refused& m) { take_up(m, &session_body::on_queue_refused); },
      [this](const queue_gone& m) { take_up(m, &session_body::on_queue_gone); },
      [this](const reroute& m) { take_up(m, &session_body::on_reroute); },
      [this](const ask_dispatch& m) { on_ask_dispatch(m); },
      [this](const offer_query& m) { on_offer_query(m); },
      [this](const agent_lost& m) { take_up(m, &session_body::on_agent_lost); },
      [this](room_held& m) { take_up(m, &session_body::on_room_held); },
      [this](history_page& m) { take_up(m, &session_body::on_history); },
      [this](const status_request& m) { on_status(m); },
  };
}

/// Once it is let go it records nothing more: what clients ask goes to its directory, which reads the session back, and what other
/// actors still say is of no consequence, or refused.
template <class Message, class Handler>
void session_body::take_up(Message& m, Handler handle) {
  if (!stay_.begin()) return left_behind(m);
  (this->*handle)(m);
  if (s_.over()) rest();
}

template <class Message>
void session_body::left_behind(Message& m) {
  constexpr bool from_client = std::same_as<Message, open_session> || std::same_as<Message, send_message> || std::same_as<Message, session_call>;
  if constexpr (from_client) {
    if constexpr (std::same_as<Message, session_call>) {
      // Whoever unsubscribes needs no session read back for it.
      if (m.method == session_method::unsubscribe) return;
    }
    self_->send(directory().directory_of(s_.id.shard), std::move(m));
  } else if constexpr (std::same_as<Message, offer_answer>) {
    on_offer_answer(m);
  } else if constexpr (std::same_as<Message, room_held>) {
    on_room_held(m);
  }
}

/// Who is still to be reminded of something stays, and who waits for an answer.
void session_body::rest() {
  const bool stays = !history_.empty() || (lines_ && lines_->call) || reception_deadline();
  if (!stays) stay_.rest(own_.running(last_touched_), tail_.last_position());
}

void session_body::on_open(open_session& m) {
  auto& r = m.request;
  participant customer{"customer", r.customer.id, r.customer.name};
  if (!keys_ready()) return hold_open(m);
  auto refuse = [&](const error& why) { m.reply.fail(services_.journal.last(), why); };
  auto before = answered_.find(m.known_by, "request_id");
  if (!before) return refuse(before.error());
  if (*before == nullptr && s_.seq > 0 && s_.over()) {
    // Closed between the directory's look and now: it opens another.
    self_->send(directory().directory_of(s_.id.shard), std::move(m));
    return;
  }
  if (*before == nullptr) {
    repeatable message;
    if (r.message) message = repeatable_message(services_.secret, customer, *r.message);
    auto said = answered_.find(message, "message.client_msg_id");
    if (!said) return refuse(said.error());
    take_request(r, customer, m.known_by.key, *said == nullptr ? message.key : request_key{});
  }
  codec::packer p;
  p.map(3);
  field(p, "session_id", s_.id.text());
  field(p, "state", to_string(s_.phase));
  p.str("seq").uinteger(s_.seq);
  m.reply.ok(services_.journal.last(), p.take());
}

/// `message_key`: of the message that came along; none where there is none, or it was said before.
void session_body::take_request(const consultation_request& r, const participant& customer, request_key key, request_key message_key) {
  if (s_.seq == 0) {
    auto config = services_.config();
    auto c = std::ranges::find_if(config->channels, [&](auto& x) { return x.id.value == r.channel; });
    auto weight = c == config->channels.end() ? 1 : c->weight;
    auto language = !r.customer.language.empty() ? r.customer.language : c == config->channels.end() ? "en" : c->language;
    auto events = session_machine::open(r, continues_, weight, language);
    welcome(r, language, events);
    screen_opening(events);
    commit(std::move(events), key, message_key);
    return;
  }
  // The customer is back: what was put off is taken up.
  auto events = session_machine::request(r, message_key.key != 0);
  screen_opening(events);
  auto woken = session_attendance::wake(s_, "customer", customer, now());
  events.insert(events.end(), std::make_move_iterator(woken.begin()), std::make_move_iterator(woken.end()));
  commit(std::move(events), key, message_key);
}

void session_body::on_identified(identified_as& m) {
  if (s_.over() || !s_.dispatch) return;
  commit(session_machine::identified(std::move(m.found), true));
  // A late answer re-evaluates once, while nobody is asked: the age is kept, steps restart. Of one that is not routed yet a plan
  // is under way, made by less.
  if (s_.phase == session_phase::waiting || s_.phase == session_phase::identifying) ask_router();
}

void session_body::on_routed(routed& m) {
  routing_ = false;
  if (s_.over() || !s_.dispatch) return;
  session_machine::payloads events;
  // One that has gone on by a guess of its own hears late, but hears it.
  const bool guessed = s_.dispatch->found && s_.dispatch->found->guessed();
  if (m.found && (guessed || !s_.dispatch->found)) events = session_machine::identified(std::move(*m.found), guessed);
  const bool to_be_routed = s_.phase == session_phase::identifying || s_.phase == session_phase::waiting;
  // Who is left with nobody is told so by the name that was found.
  if (!to_be_routed || route_anew_ || session_machine::is_nowhere(m.plan, m.first)) commit(std::exchange(events, {}));
  if (!to_be_routed) return;
  if (std::exchange(route_anew_, false)) return ask_router(true);
  if (!continue_with_.empty() && m.plan.sticky.empty()) {
    // A continuation goes to the same agent first.
    m.plan.sticky = continue_with_;
    if (m.plan.sticky_for == millis{0}) m.plan.sticky_for = millis{30'000};
  }
  for (auto& g : m.first.groups) g = successor_of(g);
  auto planned = with_farewell(session_machine::plan(s_, std::move(m.plan), std::move(m.first), now()));
  // One breath, one record.
  events.insert(events.end(), std::make_move_iterator(planned.begin()), std::make_move_iterator(planned.end()));
  commit(std::move(events));
}

void session_body::on_step_chosen(step_chosen& m) {
  routing_ = false;
  if (s_.phase != session_phase::waiting) return;
  if (std::exchange(route_anew_, false)) return ask_router(true);
  auto& d = *s_.dispatch;
  if (is_outlived(d.plan, d.step, m.choice, *services_.config())) return ask_router(true);
  for (auto& g : m.choice.groups) g = successor_of(g);
  commit(with_farewell(session_machine::enter_step(s_, std::move(m.choice), now())));
}

void session_body::on_propose(propose_agent& m, const caf::strong_actor_ptr& agent) {
  auto group = caf::actor_cast<group_actor>(self_->current_sender());
  if (propose_to_join(m, agent, group)) return;
  // A group it has left, or an offer it has said it knows nothing of: somebody else may have that room by now.
  bool expected = standing_in_.reopen(m.what.group) &&
                  std::ranges::find(disavowed_, m.what.offer) == disavowed_.end();
  auto decided = expected ? session_machine::propose(s_, m.what, now())
                          : result<session_machine::payloads>(fail(errc::failed_precondition, "the session does not wait for this"));
  if (group) self_->send(group, proposal_answered{s_.id, m.what.offer, decided.has_value()});
  if (!decided) return m.claimed.fail(services_.journal.last(), decided.error());
  agent_ = caf::actor_cast<agent_actor>(agent);
  settle(m.claimed, m.claimed_by, with_greeting(std::move(*decided)), packed_id());
}

void session_body::on_queue_refused(const queue_refused& m) {
  standing_in_.remove(m.group);
  if (s_.phase != session_phase::waiting || !standing_in_.empty() || routing_) return;
  if (m.then == config::when_full::overflow) return ask_next_step(s_.dispatch->step + 1);
  if (m.then == config::when_full::leave_message) return void(commit(with_farewell(session_machine::leave_message(s_, "queue_full"))));
  commit({event::closed{"queue_full", {}, "abandoned"}});
}

void session_body::on_position(const position_is& m) {
  standing_in_.reopen(m.group);
  if (lines_) lines_->standing.reopen(m.group);
  if (s_.phase != session_phase::waiting) return;
  codec::packer p;
  p.map(m.eta ? 3 : 2);
  field(p, "position", m.position);
  field(p, "group", m.group.value);
  if (m.eta) codec::pack_value(p.str("eta"), *m.eta, codec::audience::client);
  push_fleeting("position", p.take(), 0);
  if (!told_position_) {
    told_position_ = true;
    session_machine::payloads out;
    template_values values{{"position", std::to_string(m.position)}};
    if (m.eta) values["eta"] = span_for_people(millis{m.eta->p50_ms}, s_.language);
    say("queue", out, values);
    if (!out.empty()) commit(std::move(out));
  }
}

std::string session_body::packed_id() const {
  codec::packer p;
  field(p.map(1), "session_id", s_.id.text());
  return p.take();
}

void session_body::on_offer_answer(offer_answer& m) { take_offer_answer(m, {}); }

void session_body::take_offer_answer(offer_answer& m, request_key key) {
  if (answer_to_join(m, key)) return;
  auto at = services_.journal.last();
  if (m.accept) {
    auto decided = session_machine::accept(s_, m.offer, m.agent, now());
    if (!decided) return m.reply.fail(at, decided.error());
    return settle(m.reply, key, with_greeting(std::move(*decided)), packed_id());
  }
  if (!s_.offer || s_.offer->offer != m.offer || s_.offer->agent.id != m.agent.value) {
    return m.reply.fail(at, error{errc::failed_precondition, "the offer is over", {}, {}, 0});
  }
  // The agent's own words must not pass for a cause of ours: a timeout counts as a miss.
  auto cause = m.reason == "declined" ? m.reason : "declined: " + m.reason;
  at = end_offer(std::move(cause), {key, empty_answer()});
  m.reply.ok(at, empty_answer());
}

void session_body::on_offer_query(const offer_query& m) {
  auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
  if (!agent || tell_of_join(m, agent)) return;
  if (s_.offer && s_.offer->offer == m.offer) {
    self_->send(agent, offer_made{s_.id, m.offer, s_.offer->group, s_.offer->expires_at,
                                  s_.dispatch->found.value_or(findings{}), s_.dispatch->last_why, offered_as()});
  } else if (s_.serving && agent == agent_) {
    self_->send(agent, service_began{s_.id, m.offer, s_.serving->group, s_.weight, s_.serving->since, false});
  } else {
    // Its group may put it to us yet: then it is refused.
    constexpr std::size_t most = 8;
    if (disavowed_.size() >= most) disavowed_.erase(disavowed_.begin());
    disavowed_.push_back(m.offer);
    self_->send(agent, offer_over{s_.id, m.offer, "settled", false});
  }
}

void session_body::on_agent_readers(agent_readers& m) {
  // The agent tells so too when the configuration has changed.
  if (guest_readers(m)) return review_readers();
  std::string serving = s_.serving ? s_.serving->agent.id : s_.offer ? s_.offer->agent.id : "";
  if (serving != m.agent.value) return;
  std::vector<subscription> fresh;
  for (auto& out : m.readers) {
    // Who has subscribed is pushed everything as it is.
    if (std::ranges::any_of(subscribers_, [&](auto& r) { return r.out->id() == out->id(); })) continue;
    auto known = std::ranges::find_if(agent_readers_, [&](auto& r) { return r.out && r.out->id() == out->id(); });
    if (known != agent_readers_.end()) {
      fresh.push_back(std::move(*known));
      continue;
    }
    fresh.push_back({out, reader::agent, served_from(), false, m.agent});
  }
  agent_readers_ = std::move(fresh);
  for (auto& r : agent_readers_) go_live(r);
  show_viewers();
}

/// An agent sees what happens from its assignment on; what came before it fetches by session.events. Who is only offered the
/// session sees nothing yet, though it may have served before.
std::uint64_t session_body::served_from() const {
  std::uint64_t from = s_.seq;
  if (!s_.serving) return from;
  constexpr auto assigned_kind = codec::kind_number<event::assigned, session_payload::kinds>;
  tail_.after(0, [&](std::uint64_t seq, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](const session_codec::stored_event& e) {
      if (e.kind == assigned_kind) from = seq - 1;
    });
  });
  return from;
}

void session_body::on_agent_lost(const agent_lost& m) {
  // What was put off would wait for somebody who does not come back.
  const auto config = services_.config();
  const bool gone = std::ranges::find(config->agents, m.agent, &config::agent_config::id) == config->agents.end();
  if (gone && s_.serving && s_.serving->agent.id == m.agent.value && company::is_snoozed(s_)) {
    commit(session_attendance::wake(s_, m.reason, {"system", "", ""}, now()));
  }
  auto events = session_transfer::owner_lost(s_, m.agent, m.reason, now());
  if (!events.empty()) say("agent_left", events);
  if (events.empty()) events = session_transfer::guest_lost(s_, m.agent, m.reason);
  if (events.empty() && s_.offer && s_.offer->agent.id == m.agent.value) {
    end_offer(m.reason);
  }
  if (!events.empty()) commit(std::move(events));
}

millis session_body::passed_since(timestamp stamp) const {
  const auto own = now() - stamp, by_wall = own + own_.behind_wall();
  return own < millis{0} ? by_wall : by_wall < millis{0} ? own : std::min(own, by_wall);
}

bool session_body::quiet() const { return now() - last_touched_ >= services_.options.idle_after; }

std::optional<timestamp> session_body::next_deadline() const {
  auto& o = services_.options;
  std::optional<timestamp> first;
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  if (s_.phase == session_phase::identifying) earlier(s_.phase_since + o.identification_patience);
  if (s_.phase == session_phase::waiting && s_.dispatch) {
    if (s_.dispatch->step_until) earlier(*s_.dispatch->step_until);
    if (routing_) earlier(last_touched_ + o.identification_patience);
    if (!subscribers_.empty()) earlier(position_due_);
  }
  if (s_.offer) earlier(s_.offer->expires_at);
  if (auto t = company_deadline()) earlier(*t);
  if (auto t = reception_deadline()) earlier(*t);
  // One that is over leaves, and with it what it holds.
  if (!s_.over() && (tail_.size() > 0 || answered_.size() > 0)) earlier(last_touched_ + o.idle_after);
  if (std::ranges::any_of(history_, [](auto& h) { return !h.asked; })) earlier(history_due_);
  return first;
}

void session_body::arm() {
  if (auto next = next_deadline()) timer_.arm(own_.running(*next));
  else timer_.cancel();
}

void session_body::on_wake(const wake& m) {
  if (!timer_.rang(m.generation)) return;
  auto t = now();
  auto& o = services_.options;
  if (s_.offer && s_.offer->expires_at <= t) end_offer("timeout");
  if (s_.phase == session_phase::identifying && s_.dispatch && s_.phase_since + o.identification_patience <= t) {
    if (!s_.dispatch->found) {
      findings nothing;
      nothing.person = person_id{"c:" + s_.channel + ":" + s_.customer};
      nothing.source = s_.channel;
      nothing.degraded = {std::string(findings::unasked) + "no answer in time"};
      commit(session_machine::identified(std::move(nothing), false));
    }
    ask_router();
  }
  if (s_.phase == session_phase::waiting) {
    if (routing_ && last_touched_ + o.identification_patience <= t) routing_ = false;
    if (!routing_ && s_.dispatch->step_until && *s_.dispatch->step_until <= t) ask_next_step(s_.dispatch->step + 1);
    if (!subscribers_.empty() && position_due_ <= t) {
      position_due_ = t + o.position_every;
      for (auto& g : standing_in_.open()) {
        if (auto group = directory().find_group(g)) self_->send(group, ask_position{s_.id});
      }
    }
  }
  company_wake(t);
  keep_reception_deadlines();
  send_held_history();
  if (quiet() && services_.journal.projected() >= tail_.last_position()) {
    tail_.trim(services_.journal.projected(), 0);
    answered_.clear();
    keys_loaded_ = s_.seq == 0;
  } else if (quiet()) {
    last_touched_ = t;  // the projector is behind: look again later
  }
  arm();  // which may look at the dispatch state
  if (quiet()) s_.dispatch.lay_by();
}

void session_body::on_status(const status_request& m) {
  session_call call;
  call.reply = m.reply;
  call_status(call);
}

session_actor spawn_session(caf::actor_system& system, const session_services& services, const session_id& id,
                            std::optional<session_id> continues, agent_id last_agent) {
  session_state state;
  state.id = id;
  return system.spawn<hosted_actor<session_actor, session_body>>(std::cref(services), std::move(state), continues,
                                                                 std::move(last_agent), true);
}

session_actor spawn_recovered_session(caf::actor_system& system, const session_services& services, session_state state) {
  return system.spawn<hosted_actor<session_actor, session_body>>(std::cref(services), std::move(state),
                                                                 std::optional<session_id>{}, agent_id{}, false);
}

}  // namespace switchboard
