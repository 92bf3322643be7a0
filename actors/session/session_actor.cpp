#include "actors/session/session_actor.hpp"

#include <algorithm>

#include "actors/router/lost_groups.hpp"
#include "actors/session/session_body.hpp"
#include "actors/session/session_screening.hpp"
#include "actors/session/session_time.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {

session_body::session_body(session_actor::pointer self, actor_probe& probe, session_shown& shows,
                           const session_services& services, session_state state,
                           agent_id continue_with, bool fresh)
    : self_(self),
      stay_(shows.stay),
      services_(services),
      s_(std::move(state)),
      own_(services.clock, session_time::latest_stamp(s_)),
      latest_stamp_(session_time::latest_stamp(s_)),
      probe_(probe),
      readers_(s_.seq + 1),
      requests_(fresh),
      dispatch_(std::move(continue_with)),
      last_touched_(own_.now()) {
  probe_.state = to_string(s_.phase).data();
  // Taken over from before: it counts as opened here, or nothing would add up. One that is over was
  // read back to be looked at.
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
  const auto& d = *s_.dispatch;
  if (d.found ? d.found->guessed() : s_.phase == session_phase::identifying) {
    started();
  } else if (d.found && !d.found->heard_by_person()) {
    // What the person was told may not have become durable.
    tell_trail(true);
  }
  switch (s_.phase) {
    case session_phase::identifying:
      if (d.found) perform([&](auto& out) { dispatch_.ask_router(false, out); });
      break;
    case session_phase::offered:
    case session_phase::waiting:
      perform([&](auto& out) { dispatch_.resume(*s_.dispatch, known(), out); });
      if (s_.offer) commit(session_machine::end_offer(s_, s_.offer->offer, "restart", false));
      perform([&](auto& out) { dispatch_.find_place_if_none(out); });
      break;
    case session_phase::active:
      resume_service();
      break;
    default:
      break;
  }
  perform([&](auto& out) { session_participants::resume_guests(situation(known()), out); });
  // The configuration may have become another meanwhile.
  part_strangers();
  perform([&](auto& out) { participants_.resume_search(situation(known()), out); });
  arm();
}

void session_body::resume_service() {
  const agent_id who{s_.serving->agent.id};
  agent_ = directory().find_agent(who);
  perform([&](auto& out) { attention_.tell_unread(s_, services_.reception, out); });
  if (agent_)
    return self_->send(
        agent_, service_began{s_.id, {}, s_.serving->group, s_.weight, s_.serving->since, true});
  auto lost = session_transfer::owner_lost(s_, who, "no such agent any more", now());
  if (lost.empty())
    lost = session_attendance::wake(s_, "no such agent any more", {"system", "", ""}, now());
  commit(std::move(lost));
}

group_id live_roster::successor(const group_id& id) const {
  if (has(id)) return id;
  const auto* now = config::group_now(config(), id);
  return now ? now->id : id;
}

const config::dispatch_config& live_roster::config() const {
  if (!config_) config_ = source_();
  return *config_;
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
      [this](const timer_fired& m) { take_up(m, &session_body::on_timer); },
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

/// Once it is let go it records nothing more: what clients ask goes to its directory, which reads
/// the session back, and what other actors still say is of no consequence, or refused.
template <class Message, class Handler> void session_body::take_up(Message& m, Handler handle) {
  if (!stay_.begin()) return left_behind(m);
  (this->*handle)(m);
  if (s_.over()) rest();
}

template <class Message> void session_body::left_behind(Message& m) {
  constexpr bool from_client = std::same_as<Message, open_session> ||
                               std::same_as<Message, send_message> ||
                               std::same_as<Message, session_call>;
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
  const bool stays =
      readers_.asks_for_history() || participants_.awaits_answer() || attention_deadline();
  if (!stays) stay_.rest(own_.running(last_touched_), readers_.tail().last_position());
}

void session_body::on_open(open_session& m) {
  auto& r = m.request;
  participant customer{"customer", r.customer.id, r.customer.name};
  if (!keys_ready()) return hold(m);
  auto refuse = [&](const error& why) { m.reply.fail(services_.journal.last(), why); };
  auto before = requests_.answered().find(m.known_by, "request_id");
  if (!before) return refuse(before.error());
  if (*before == nullptr && s_.seq > 0 && s_.over()) {
    // Closed between the directory's look and now: it opens another.
    return self_->send(directory().directory_of(s_.id.shard), std::move(m));
  }
  if (*before == nullptr) {
    if (refused_as_new(m.reply)) return;
    repeatable message;
    if (r.message) message = repeatable_message(services_.secret, customer, *r.message);
    auto said = requests_.answered().find(message, "message.client_msg_id");
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
void session_body::take_request(const consultation_request& r, const participant& customer,
                                request_key key, request_key message_key) {
  if (s_.seq == 0) {
    auto config = services_.config();
    auto c =
        std::ranges::find_if(config->channels, [&](auto& x) { return x.id.value == r.channel; });
    auto weight = c == config->channels.end() ? 1 : c->weight;
    auto language = !r.customer.language.empty()  ? r.customer.language
                    : c == config->channels.end() ? "en"
                                                  : c->language;
    auto events = session_machine::open(r, s_.continues, weight, language);
    speech().welcome(r, language, s_.continues.has_value(), events);
    if (const auto r = rules()) session_screening::mask_opening(s_, *r, events);
    commit(std::move(events), {.known = key, .message_key = message_key});
    return;
  }
  // The customer is back: what was put off is taken up.
  auto events = session_machine::request(r, message_key.key != 0);
  if (const auto r = rules()) session_screening::mask_opening(s_, *r, events);
  auto woken = session_attendance::wake(s_, "customer", customer, now());
  events.insert(events.end(), std::make_move_iterator(woken.begin()),
                std::make_move_iterator(woken.end()));
  commit(std::move(events), {.known = key, .message_key = message_key});
}

void session_body::on_identified(identified_as& m) {
  if (s_.over() || !s_.dispatch) return;
  commit(session_machine::identified(std::move(m.found), true));
  // A late answer re-evaluates once, while nobody is asked: the age is kept, steps restart. Of one
  // that is not routed yet a plan is under way, made by less. What a person decided stays.
  const bool unserved =
      s_.phase == session_phase::waiting || s_.phase == session_phase::identifying;
  if (unserved && !is_by_hand(s_.dispatch->plan)) {
    perform([&](auto& out) { dispatch_.ask_router(false, out); });
  }
}

void session_body::on_routed(routed& m) {
  session_machine::payloads events;
  if (m.found && !s_.over() && s_.dispatch) {
    // One that has gone on by a guess of its own hears late, but hears it.
    const bool guessed = s_.dispatch->found && s_.dispatch->found->guessed();
    if (guessed || !s_.dispatch->found)
      events = session_machine::identified(std::move(*m.found), guessed);
  }
  // Who is left with nobody is told so by the name that was found. Else one breath is one record.
  if (!dispatch_.takes_plan(s_) || session_machine::is_nowhere(m.plan, m.first))
    commit(std::exchange(events, {}));
  session_effects out;
  auto planned = dispatch_.routed(s_, std::move(m.plan), std::move(m.first), known(), now(), out);
  events.insert(events.end(), std::make_move_iterator(planned.begin()),
                std::make_move_iterator(planned.end()));
  commit_with_farewell(std::move(events));
  carry_out(out);
}

void session_body::on_step_chosen(step_chosen& m) {
  session_effects out;
  commit_with_farewell(dispatch_.step_chosen(s_, std::move(m.choice), known(), now(), out));
  carry_out(out);
}

void session_body::on_propose(propose_agent& m, const caf::strong_actor_ptr& agent) {
  const auto group = caf::actor_cast<group_actor>(self_->current_sender());
  auto answer = [&](bool taken) {
    if (group) self_->send(group, proposal_answered{s_.id, m.what.offer, taken});
  };
  if (participants::seeking(s_)) {
    participants_.at_position(m.what.group);
    const bool disavowed = dispatch_.has_disavowed(m.what.offer);
    auto joins = disavowed ? std::nullopt : participants_.propose(situation(known()), m.what);
    if (joins) {
      answer(joins->has_value());
      if (!*joins) return;
      remember_beside(agent_id{m.what.agent.id}, caf::actor_cast<agent_actor>(agent));
      commit(std::move(**joins));
      return;
    }
  }
  auto decided = dispatch_.propose(s_, m.what, now());
  answer(decided.has_value());
  if (!decided) return m.claimed.fail(services_.journal.last(), decided.error());
  agent_ = caf::actor_cast<agent_actor>(agent);
  settle(m.claimed, m.claimed_by, speech().with_greeting(std::move(*decided)), packed_id());
}

void session_body::on_queue_refused(const queue_refused& m) {
  if (s_.dispatch)
    perform([&](auto& out) { dispatch_.refused(*s_.dispatch, s_.phase, m.group, m.then, out); });
}

void session_body::on_queue_gone(const queue_gone& m) {
  // Of those that it serves the queue is one where somebody to join is looked for.
  if (participants::seeking(s_))
    perform(
        [&](auto& out) { participants_.group_gone(situation(known()), m.group, m.removed, out); });
  perform([&](auto& out) { dispatch_.group_gone(s_, m.group, m.removed, known(), out); });
}

void session_body::on_reroute(const reroute&) {
  perform([&](auto& out) { dispatch_.reroute(s_, out); });
}

/// Where it waits, or may come to by its plan, for whoever asks what another configuration would
/// change.
void session_body::on_ask_dispatch(const ask_dispatch& m) {
  dispatch_is out;
  out.ticket = m.ticket;
  out.session = s_.id;
  const bool waits = s_.phase == session_phase::waiting || s_.phase == session_phase::offered;
  if (waits && s_.dispatch && !is_by_hand(s_.dispatch->plan)) {
    auto& d = *s_.dispatch;
    out.waiting = true;
    out.request = d.request;
    out.found = d.found.value_or(findings{});
    out.weight = s_.weight;
    out.rules_version = d.plan.rules_version;
    out.rule = d.plan.rule;
    out.priority = d.plan.priority;
    out.groups = d.groups;
    for (auto& g : groups_ahead(d.plan, d.step)) {
      if (std::ranges::find(out.groups, g) == out.groups.end()) out.groups.push_back(std::move(g));
    }
  }
  self_->send(directory().configuration, std::move(out));
}

void session_body::on_position(const position_is& m) {
  dispatch_.at_position(m.group);
  participants_.at_position(m.group);
  if (s_.phase != session_phase::waiting) return;
  codec::packer p;
  p.map(m.eta ? 3 : 2);
  field(p, "position", m.position);
  field(p, "group", m.group.value);
  if (m.eta) codec::pack_value(p.str("eta"), *m.eta, codec::audience::client);
  tell_fleeting("position", p.view(), 0);
  if (!dispatch_.first_position()) return;
  session_machine::payloads out;
  template_values values{{"position", std::to_string(m.position)}};
  if (m.eta) values["eta"] = span_for_people(millis{m.eta->p50_ms}, s_.language);
  speech().say("queue", out, values);
  commit(std::move(out));
}

std::string session_body::packed_id() const {
  codec::packer p;
  field(p.map(1), "session_id", s_.id.text());
  return p.take();
}

void session_body::on_offer_answer(offer_answer& m) {
  take_offer_answer(m, {});
}

void session_body::take_offer_answer(offer_answer& m, request_key key) {
  if (answer_to_join(m, key)) return;
  auto at = services_.journal.last();
  if (m.accept) {
    auto decided = session_machine::accept(s_, m.offer, m.agent, now());
    if (!decided) return m.reply.fail(at, decided.error());
    return settle(m.reply, key, speech().with_greeting(std::move(*decided)), packed_id());
  }
  if (!s_.offer || s_.offer->offer != m.offer || s_.offer->agent.id != m.agent.value) {
    return m.reply.fail(at, error{errc::failed_precondition, "the offer is over", {}, {}, 0});
  }
  // The agent's own words must not pass for a cause of ours: a timeout counts as a miss.
  auto cause = m.reason == "declined" ? m.reason : "declined: " + m.reason;
  at = end_offer(std::move(cause), {key, empty_answer()});
  m.reply.ok(at, empty_answer());
}

bool session_body::answer_to_join(offer_answer& m, request_key key) {
  if (!participants::seeking(s_)) return false;
  auto decided =
      session_participants::answer(situation(known()), m.offer, m.agent, m.accept, m.reason);
  if (!decided) return false;
  if (*decided)
    settle(m.reply, key, std::move(**decided), m.accept ? packed_id() : empty_answer());
  else
    m.reply.fail(services_.journal.last(), decided->error());
  return true;
}

void session_body::on_offer_query(const offer_query& m) {
  auto agent = caf::actor_cast<agent_actor>(self_->current_sender());
  if (!agent || tell_of_join(m, agent)) return;
  if (s_.offer && s_.offer->offer == m.offer) {
    self_->send(agent, offer_made{s_.id, m.offer, s_.offer->group, s_.offer->expires_at,
                                  s_.dispatch->found.value_or(findings{}), s_.dispatch->last_why,
                                  offered_as()});
  } else if (s_.serving && agent == agent_) {
    self_->send(agent, service_began{s_.id, m.offer, s_.serving->group, s_.weight,
                                     s_.serving->since, false});
  } else {
    // Its group may propose it yet: then it is refused.
    dispatch_.disavow(m.offer);
    self_->send(agent, offer_over{s_.id, m.offer, "settled", false});
  }
}

bool session_body::tell_of_join(const offer_query& m, const agent_actor& agent) {
  // The agent's answer to a question for room is on its way, and decides what becomes of that room.
  if (participants_.waits_for_room(m.offer)) return true;
  auto* t = participants::seeking(s_);
  if (!t || !t->offer || t->offer->offer != m.offer) return false;
  self_->send(agent,
              offer_made{s_.id, m.offer, t->offer->group, t->offer->expires_at,
                         s_.dispatch->found.value_or(findings{}), t->offer->why, offered_as()});
  return true;
}

void session_body::on_agent_readers(agent_readers& m) {
  readers_.connected(s_, m.agent, m.readers);
  // An agent tells its connections too when the configuration has changed.
  if (readers_.is_guest(m.agent))
    review_readers();
  else
    readers_.show_viewers(s_, services_.journal.last());
}

void session_body::on_agent_lost(const agent_lost& m) {
  // What was put off would wait for somebody who does not come back.
  const auto config = services_.config();
  const bool gone =
      std::ranges::find(config->agents, m.agent, &config::agent_config::id) == config->agents.end();
  if (gone && s_.serving && s_.serving->agent.id == m.agent.value && participants::is_snoozed(s_)) {
    commit(session_attendance::wake(s_, m.reason, {"system", "", ""}, now()));
  }
  auto events = session_transfer::owner_lost(s_, m.agent, m.reason, now());
  if (!events.empty()) speech().say("agent_left", events);
  if (events.empty()) events = session_transfer::guest_lost(s_, m.agent, m.reason);
  if (events.empty() && s_.offer && s_.offer->agent.id == m.agent.value) end_offer(m.reason);
  commit(std::move(events));
}

void session_body::on_transfer_routed(transfer_routed& m) {
  perform([&](auto& out) {
    participants_.routed(situation(known()), std::move(m.plan), std::move(m.first), m.refusal,
                         m.refused_field, permission(), out);
  });
  arm();
}

void session_body::on_room_held(room_held& m) {
  if (auto agent = caf::actor_cast<agent_actor>(self_->current_sender()))
    remember_beside(m.agent, std::move(agent));
  perform([&](auto& out) {
    participants_.room_held(situation(known()), m.offer, {"agent", m.agent.value, m.name},
                            m.refusal, permission(), out);
  });
  forget_beside(m.agent);
}

millis session_body::passed_since(timestamp stamp) const {
  const auto own = now() - stamp, by_wall = own + own_.behind_wall();
  return own < millis{0} ? by_wall : by_wall < millis{0} ? own : std::min(own, by_wall);
}

bool session_body::quiet() const {
  return now() - last_touched_ >= services_.options.idle_after;
}

session_transfer::limits session_body::transfer_limits() const {
  const auto config = services_.config();
  return {config->session.transfer_limit, config->session.joint_limit};
}

session_participants::situation session_body::situation(const roster& known) const {
  return {s_, known, transfer_limits(), services_.options.identification_patience, now()};
}

session_dispatch::timing session_body::timing() const {
  auto& o = services_.options;
  return {now(), last_touched_, o.identification_patience, readers_.anybody_subscribed(),
          o.position_every};
}

/// When it goes on without an answer. A router that is slow is asked again after as long, not at
/// every tick.
timestamp session_body::identification_due() const {
  const auto since = dispatch_.awaits_router() ? last_touched_ : s_.phase_since;
  return since + services_.options.identification_patience;
}

std::optional<timestamp> session_body::next_deadline() const {
  auto& o = services_.options;
  std::optional<timestamp> first;
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  if (s_.phase == session_phase::identifying) earlier(identification_due());
  if (s_.phase == session_phase::waiting) {
    if (auto t = dispatch_.deadline(s_, timing())) earlier(*t);
  }
  if (s_.offer) earlier(s_.offer->expires_at);
  const bool snoozed = participants::is_snoozed(s_);
  if (auto t = participants_.deadline(s_, now(), snoozed ? wall() : timestamp{})) earlier(*t);
  if (auto t = attention_deadline()) earlier(*t);
  // One that is over leaves, and with it what it holds.
  if (!s_.over() && (readers_.tail().size() > 0 || requests_.answered().size() > 0))
    earlier(last_touched_ + o.idle_after);
  if (readers_.waits_for_archive()) earlier(history_due_);
  return first;
}

void session_body::arm() {
  if (auto next = next_deadline())
    timer_.arm(own_.running(*next));
  else
    timer_.cancel();
}

void session_body::on_timer(const timer_fired& m) {
  if (!timer_.rang(m.generation)) return;
  auto t = now();
  if (s_.offer && s_.offer->expires_at <= t) end_offer("timeout");
  if (s_.phase == session_phase::identifying && s_.dispatch && identification_due() <= t) {
    if (!s_.dispatch->found) {
      findings nothing;
      nothing.person = person_id{"c:" + s_.channel + ":" + s_.customer};
      nothing.source = s_.channel;
      nothing.degraded = {std::string(findings::unasked) + "no answer in time"};
      commit(session_machine::identified(std::move(nothing), false));
    }
    perform([&](auto& out) { dispatch_.ask_router(false, out); });
  }
  if (s_.phase == session_phase::waiting) {
    perform([&](auto& out) { dispatch_.wake(s_.phase, *s_.dispatch, timing(), out); });
  }
  perform([&](auto& out) { participants_.wake(situation(known()), wall(), out); });
  attend();
  ask_archive();
  if (quiet() && services_.journal.projected() >= readers_.tail().last_position()) {
    readers_.trim(services_.journal.projected(), 0);
    requests_.forget(s_.seq == 0);
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

session_actor spawn_session(caf::actor_system& system, const session_services& services,
                            const session_id& id, std::optional<session_id> continues,
                            agent_id last_agent) {
  session_state state;
  state.id = id;
  state.continues = continues;
  return system.spawn<hosted_actor<session_actor, session_body>>(
      std::cref(services), std::move(state), std::move(last_agent), true);
}

session_actor spawn_recovered_session(caf::actor_system& system, const session_services& services,
                                      session_state state) {
  return system.spawn<hosted_actor<session_actor, session_body>>(
      std::cref(services), std::move(state), agent_id{}, false);
}

}  // namespace switchboard
