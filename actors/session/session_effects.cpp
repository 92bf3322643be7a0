#include <algorithm>

#include "actors/session/journal_key.hpp"
#include "actors/session/session_body.hpp"
#include "actors/session/session_time.hpp"

namespace switchboard {

/// Which event has which consequence for others: who is told what is decided by the part it
/// concerns.
struct session_body::consequences {
  session_body& b;
  std::uint64_t seq;
  bool missed;

  void operator()(const event::opened&) const { b.started(); }
  /// A late answer may name another person than the first: then that one is told. A guess is told
  /// to nobody: who has no record by it is still to be found by what the request shows.
  void operator()(const event::identified& x) const {
    if (!x.found.guessed()) b.tell_trail(true);
  }
  void operator()(const event::queued&) const {
    b.dispatch_.ask_position_from(b.now() + b.services_.options.position_every);
    // Who was served before and handed on, or lost its agent, has a place whatever the queue holds.
    const bool has_place = !b.s_.last_agent.id.empty();
    b.perform([&](auto& out) { b.dispatch_.queued(*b.s_.dispatch, has_place, b.known(), out); });
  }
  void operator()(const event::offered& x) const { b.is_offered(x); }
  void operator()(const event::offer_ended& x) const { b.offer_is_over(x, missed); }
  void operator()(const event::assigned& x) const { b.is_served(x); }
  void operator()(const event::left&) const { b.server_lost("left"); }
  void operator()(const event::transferred&) const { b.server_lost("transferred"); }
  void operator()(const event::woken&) const { b.server_lost("woken"); }
  void operator()(const event::snoozed& x) const {
    if (b.agent_) b.self_->send(b.agent_, service_snoozed{b.s_.id, x.until});
  }
  void operator()(const event::closed& x) const { b.ended(x); }
  void operator()(const event::bumped&) const {
    b.perform([&](auto& out) { b.dispatch_.update_entries(out); });
  }
  void operator()(const event::transfer_started& x) const {
    b.perform([&](auto& out) { b.participants_.search_began(x, b.known(), out); });
  }
  void operator()(const event::transfer_ended&) const {
    b.perform([&](auto& out) { b.participants_.search_ended(b.s_, out); });
  }
  void operator()(const event::join_offered& x) const {
    b.perform([&](auto& out) { b.participants_.join_offered(x, out); });
  }
  void operator()(const event::join_offer_ended& x) const {
    b.perform([&](auto& out) { b.participants_.join_offer_ended(x, b.s_, out); });
  }
  void operator()(const event::joined& x) const {
    b.readers_.add_guest(agent_id{x.who.id}, seq - 1);
    b.perform([&](auto& out) { b.participants_.joined(x, out); });
  }
  void operator()(const event::parted& x) const {
    if (participants::find(b.s_, x.who.id)) return;  // is there in another way now
    b.readers_.remove_guest(agent_id{x.who.id});
    b.perform([&](auto& out) { session_participants::parted(x, out); });
  }
  void operator()(const event::message& x) const {
    b.services_.counters.messages += 1;
    b.perform([&](auto& out) { b.attention_.said(x, b.s_, b.services_.reception, out); });
  }
  void operator()(const event::read& x) const {
    b.perform([&](auto& out) { b.attention_.read(x, b.s_, b.services_.reception, out); });
  }
  void operator()(const auto&) const {}
};

/// All events of one command become one record; then they are applied and told, to readers behind
/// the record's position.
store::position session_body::commit(session_machine::payloads events, recorded_as as) {
  const auto key = as.known.key;
  // What changed nothing is answered the same again too.
  if (events.empty() && key.key != 0 && s_.seq < session_machine::limits{}.events)
    events.push_back(event::answered{});
  if (events.empty()) return services_.journal.last();
  // Another actor may be this session by now.
  SB_INVARIANT(!stay_.gone());
  drop_strangers();
  auto t = now();
  const auto stamp = latest_stamp_ = std::max(t + own_.behind_wall(), latest_stamp_);
  last_touched_ = t;
  std::vector<session_event> sequenced;
  std::vector<std::string> encoded;
  sequenced.reserve(events.size());
  encoded.reserve(events.size());
  store::record record;
  auto before = s_.phase;
  bool fresh = s_.seq == 0;
  for (auto& what : events) {
    auto own = sequenced.empty() ? key : request_key{};
    if (auto* m = std::get_if<event::message>(&what);
        m && own.key == 0 && !m->client_msg_id.empty())
      own = std::exchange(as.message_key, {});
    auto e = sequence(s_, std::move(what), t, own);
    apply(s_, e);
    // What others read is stamped by the wall, and never goes back.
    if (stamp != t) {
      e.at = stamp;
      session_time::shift_deadlines(e.what, stamp - t);
    }
    if (own.key != 0) {
      if (own == key && sequenced.empty()) e.answer = std::move(as.known.packed);
      requests_.add(own, e.seq, stamp, e.answer);
    }
    auto& bytes = encoded.emplace_back();
    session_codec::encode(e, bytes);
    record.events += bytes;
    sequenced.push_back(std::move(e));
  }
  record.kind = store::entity_kind::session;
  record.shard = s_.id.shard;
  record.entity_seq = s_.seq;
  record.at = stamp;
  record.key = journal_key(s_.id);
  record.channel = s_.channel;
  auto at = services_.journal.append(std::move(record));
  for (std::size_t i = 0; i < sequenced.size(); ++i) {
    readers_.record(s_, sequenced[i].seq, at, std::move(encoded[i]));
  }
  if (readers_.tail().size() > 2 * transcript_tail::keep)
    readers_.trim(services_.journal.projected());
  move_phase(before, fresh);
  for (auto& e : sequenced) std::visit(consequences{*this, e.seq, as.missed}, e.what);
  review_readers();
  arm();
  return at;
}

void session_body::move_phase(session_phase from, bool fresh) {
  auto& c = services_.counters;
  if (fresh) c.opened += 1;
  if (!fresh && from == s_.phase) return;
  if (!fresh) c.in_phase[static_cast<std::size_t>(from)] -= 1;
  c.in_phase[static_cast<std::size_t>(s_.phase)] += 1;
  probe_.state = to_string(s_.phase).data();
}

store::position session_body::commit_with_farewell(session_machine::payloads events) {
  if (session_speech::leave_alone(events))
    events = speech().with_farewell(std::move(events), wall());
  return commit(std::move(events));
}

/// How each effect is carried out: mostly one message.
struct session_body::outside {
  session_body& b;

  void operator()(effect::record& x) const { b.commit_with_farewell(std::move(x.events)); }
  void operator()(effect::turn_away& x) const {
    const bool leaves_message = x.then == config::when_full::leave_message;
    b.commit_with_farewell(
        leaves_message ? session_machine::leave_message(b.s_, "queue_full")
                       : session_machine::payloads{event::closed{"queue_full", {}, "abandoned"}});
  }
  void operator()(effect::settle& x) const {
    if (!x.transfer) {
      const auto last = b.s_.seq + x.events.size();
      return b.settle_seq(x.reply, x.key, std::move(x.events), last);
    }
    codec::packer p;
    field(p.map(1), "transfer_id", x.transfer->value);
    b.settle(x.reply, x.key, std::move(x.events), p.take());
  }
  void operator()(effect::refuse& x) const { x.reply.fail(b.services_.journal.last(), *x.why); }
  void operator()(effect::propose_join& x) const {
    const agent_id who{x.what->agent.id};
    if (auto joins = session_transfer::propose(b.s_, *x.what, b.now(), b.transfer_limits()))
      b.commit(std::move(*joins));
    else
      to_agent(who, release_room{x.what->offer});
  }

  void operator()(effect::ask_router& x) const {
    auto& d = *b.s_.dispatch;
    b.last_touched_ = b.now();
    const auto version = x.anew ? 0 : d.plan.rules_version;
    b.self_->send(
        b.directory().router_of(b.s_.id.shard),
        route_request{b.s_.id, d.request, d.found.value_or(findings{}), b.s_.weight, version});
    if (b.s_.phase == session_phase::waiting) b.arm();
  }
  void operator()(effect::choose_step& x) const {
    auto& d = *b.s_.dispatch;
    b.last_touched_ = b.now();
    b.self_->send(b.directory().router_of(b.s_.id.shard),
                  step_request{b.s_.id, d.request, d.found.value_or(findings{}), d.plan, x.from,
                               b.dispatch_.standing().all()});
    b.arm();
  }
  void operator()(effect::route_transfer& x) const {
    auto& d = *b.s_.dispatch;
    b.self_->send(b.directory().router_of(b.s_.id.shard),
                  transfer_request{b.s_.id, d.request, d.found.value_or(findings{}), b.s_.weight,
                                   d.plan.priority, std::move(x.to_group), std::move(x.to_agent),
                                   x.by_rules, b.s_.serving ? b.s_.serving->group : group_id{}});
  }

  void operator()(effect::enter_queue& x) const {
    if (auto group = b.directory().find_group(x.group))
      b.self_->send(group, enter_queue{b.current_entry(), x.recovered});
  }
  void operator()(effect::return_to_queue& x) const {
    auto group = b.directory().find_group(x.group);
    if (!group) return;
    auto entry = b.current_entry();
    entry.rings = rings_elsewhere(b.s_, x.group);
    b.self_->send(group, return_to_queue{std::move(entry)});
  }
  void operator()(effect::seek_in_queue& x) const {
    if (auto group = b.directory().find_group(x.group))
      b.self_->send(group, return_to_queue{b.join_entry()});
  }
  void operator()(effect::leave_queue& x) const {
    if (auto group = b.directory().find_group(x.group))
      b.self_->send(group, leave_queue{b.s_.id, x.cause});
  }
  void operator()(effect::ask_position& x) const {
    if (auto group = b.directory().find_group(x.group)) b.self_->send(group, ask_position{b.s_.id});
  }

  void operator()(effect::end_offer& x) const {
    to_agent(x.agent, offer_over{b.s_.id, std::move(x.offer), std::move(x.cause), x.missed});
    b.forget_beside(x.agent);
  }
  void operator()(effect::offer_join& x) const {
    auto agent = b.agent_beside(x.agent);
    if (!agent) return;
    b.remember_beside(x.agent, agent);
    b.self_->send(agent, offer_made{b.s_.id, std::move(x.offer), std::move(x.group), x.expires_at,
                                    b.s_.dispatch->found.value_or(findings{}), std::move(x.why),
                                    b.offered_as()});
  }
  void operator()(effect::hold_room& x) const {
    to_agent(x.agent,
             hold_room{b.s_.id, std::move(x.offer), std::move(x.group), x.weight, x.takeover});
  }
  void operator()(effect::release_room& x) const {
    to_agent(x.agent, release_room{std::move(x.offer)});
  }
  void operator()(effect::begin_guest& x) const {
    if (x.since) b.readers_.add_guest(x.agent, b.s_.seq);
    auto agent = b.agent_beside(x.agent);
    if (!agent) return;
    b.remember_beside(x.agent, agent);
    b.self_->send(agent, guest_began{b.s_.id, std::move(x.offer), std::string(to_string(x.as)),
                                     std::move(x.group), holds_room(x.as) ? b.s_.weight : 0,
                                     x.since.value_or(b.latest_stamp_)});
  }
  void operator()(effect::end_guest& x) const {
    to_agent(x.agent, guest_ended{b.s_.id, std::move(x.reason)});
    b.forget_beside(x.agent);
  }
  void operator()(effect::end_wrap_up& x) const {
    to_agent(x.agent, service_ended{b.s_.id, "wrapped_up", false});
  }
  void operator()(effect::alert_agents& x) const {
    for (auto& id : x.agents) {
      if (auto agent = b.directory().find_agent(id)) b.self_->send(agent, *x.what);
    }
  }
  void operator()(effect::read_history& x) const {
    b.self_->send(b.directory().archive, read_history{b.s_.id, x.after, x.ticket});
  }

  template <class Message> void to_agent(const agent_id& who, Message&& m) const {
    if (auto agent = b.agent_beside(who)) b.self_->send(agent, std::forward<Message>(m));
  }
};

void session_body::carry_out(session_effects& effects) {
  for (auto& e : effects) std::visit(outside{*this}, e);
}

void session_body::carry_out(session_decision decided) {
  commit(std::move(decided.events));
  carry_out(decided.effects);
}

/// Groups and agents compare sessions, each of which has a time of its own.
queue_entry session_body::in_running_time(queue_entry c) const {
  c.opened_at = own_.running(c.opened_at);
  if (c.sticky_until != timestamp{}) c.sticky_until = own_.running(c.sticky_until);
  return c;
}

queue_entry session_body::current_entry() const {
  return in_running_time(queue_entry_of(s_));
}

queue_entry session_body::join_entry() const {
  return in_running_time(queue_entry_of(s_, *s_.participants->transfer));
}

std::optional<offered_transfer> session_body::offered_as() const {
  if (!s_.participants || !s_.participants->transfer) return {};
  auto& t = *s_.participants->transfer;
  return offered_transfer{t.id, t.mode, t.by, t.note};
}

agent_actor session_body::agent_beside(const agent_id& who) const {
  auto at = std::ranges::find(beside_, who, &std::pair<agent_id, agent_actor>::first);
  return at != beside_.end() ? at->second : directory().find_agent(who);
}

void session_body::remember_beside(const agent_id& who, agent_actor agent) {
  std::erase_if(beside_, [&](auto& x) { return x.first == who; });
  beside_.emplace_back(who, std::move(agent));
}

/// Unless they are there, or are asked to come.
void session_body::forget_beside(const agent_id& who) {
  auto* t = participants::seeking(s_);
  const bool asked = t && t->offer && t->offer->agent.id == who.value;
  if (!asked && !readers_.is_guest(who))
    std::erase_if(beside_, [&](auto& x) { return x.first == who; });
}

void session_body::started() {
  self_->send(directory().identifier_of(s_.id.shard),
              identify{s_.id, s_.dispatch->request, s_.weight});
}

void session_body::is_offered(const event::offered& x) {
  perform([&](auto& out) { dispatch_.offered(x.group, s_.weight, out); });
  if (!agent_) agent_ = directory().find_agent(agent_id{x.agent.id});
  if (!agent_) return;
  self_->send(agent_, offer_made{s_.id, x.offer, x.group, x.expires_at,
                                 s_.dispatch->found.value_or(findings{}), x.why, offered_as()});
}

void session_body::offer_is_over(const event::offer_ended& x, bool missed) {
  if (auto agent = directory().find_agent(x.agent))
    self_->send(agent, offer_over{s_.id, x.offer, x.cause, missed});
  agent_ = agent_actor{};
  readers_.owner_gone();
  perform([&](auto& out) { dispatch_.offer_ended(*s_.dispatch, s_.phase, known(), now(), out); });
}

/// As the offering group's configuration says for the cause.
store::position session_body::end_offer(std::string cause, known_answer known) {
  const auto means = meaning_of(*services_.config(), s_.offer->group, cause);
  auto events = session_machine::end_offer(s_, s_.offer->offer, std::move(cause),
                                           means != config::offer_failure::ask_again);
  return commit(std::move(events),
                {.known = std::move(known), .missed = means == config::offer_failure::miss});
}

void session_body::is_served(const event::assigned& x) {
  auto& c = services_.counters;
  c.assigned += 1;
  auto waited = s_.last_agent.id.empty() ? (now() - s_.opened_at).count()
                                         : 0;  // the first wait; not the talk before a transfer
  for (auto longest = c.longest_wait_ms.load();
       waited > longest && !c.longest_wait_ms.compare_exchange_weak(longest, waited);) {
  }
  const agent_id who{x.agent.id};
  if (!agent_) agent_ = agent_beside(who);
  if (agent_)
    self_->send(agent_, service_began{s_.id, x.offer, x.group, s_.weight, latest_stamp_, false});
  perform([&](auto& out) { dispatch_.assigned(x.group, out); });
  clear_alerts();
  tell_trail(false);
  readers_.guest_is_owner(who);
  forget_beside(who);
}

void session_body::server_lost(const std::string& cause) {
  if (agent_) self_->send(agent_, service_ended{s_.id, cause, cause == "transferred", s_.seq});
  agent_ = agent_actor{};
  readers_.owner_gone();
  // Who served reads on by session.events, and is not pushed what a successor hears.
  readers_.unsubscribe_agents(s_);
  dispatch_.server_gone();
  clear_alerts();
}

void session_body::ended(const event::closed& x) {
  perform([&](auto& out) {
    dispatch_.leave(x.outcome == "abandoned" ? leave_cause::abandoned : leave_cause::closed, out);
  });
  if (agent_) self_->send(agent_, service_ended{s_.id, "closed", true, s_.seq});
  agent_ = agent_actor{};
  self_->send(
      directory().directory_of(s_.id.shard),
      session_over{s_.id, s_.channel, s_.customer, agent_id{s_.last_agent.id}, latest_stamp_});
  tell_trail(false);
  const auto guests = readers_.guests();
  readers_.over();
  perform([&](auto& out) { participants_.over(guests, out); });
  clear_alerts();
}

void session_body::tell_trail(bool start) {
  if (s_.person.empty()) return;
  trail_note note;
  note.person = s_.person;
  auto& t = note.entry;
  t.session = s_.id;
  t.channel = s_.channel;
  t.customer = s_.customer;
  t.opened_at = s_.opened_at;
  t.closed_at = s_.closed_at;
  t.outcome = std::string(to_string(s_.phase));
  t.agent = agent_id{s_.serving ? s_.serving->agent.id : s_.last_agent.id};
  t.group = s_.serving ? s_.serving->group : s_.last_group;
  t.rating = s_.rating;
  t.messages = s_.messages;
  if (start && s_.dispatch) {
    note.seen_as = s_.dispatch->request.customer;
    if (auto& f = s_.dispatch->found; f && f->member) {
      note.member_id = f->member->id;
      note.member_name = f->member->name;
      note.member_attributes = f->member->attributes;
    }
    // An answer that lacks its tags does not say that there are none.
    if (auto& f = s_.dispatch->found; f && f->degraded.empty()) {
      note.start = true;
      note.tags = f->tags;
    }
  }
  self_->send(directory().customers_of(s_.person), std::move(note));
}

void session_body::tell_fleeting(std::string_view type, std::string_view packed_fields,
                                 std::uint64_t except_outbox) {
  drop_strangers();
  readers_.tell_fleeting(s_.id, type, packed_fields, services_.journal.last(), except_outbox);
}

// ---- attention

std::optional<timestamp> session_body::attention_deadline() const {
  const auto r = rules();
  return r ? session_attention::deadline(s_, *r, now()) : std::nullopt;
}

void session_body::attend() {
  const auto r = rules();
  if (!r) return;
  commit(session_attention::break_silence(s_, *r, speech(), now()));
  commit(session_attention::remind_of_rating(s_, *r, speech(), now()));
  carry_out(attention_.alert(s_, *r, now()));
}

void session_body::clear_alerts() {
  perform([&](auto& out) { attention_.clear(out); });
}

}  // namespace switchboard
