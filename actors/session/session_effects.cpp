#include <algorithm>

#include "actors/session/journal_key.hpp"
#include "actors/session/session_body.hpp"
#include "actors/session/session_time.hpp"

namespace switchboard {

/// All events of one command become one record; then they are applied and told, to readers behind the record's position.
store::position session_body::commit(session_machine::payloads events, known_answer known, request_key message_key) {
  const auto key = known.key;
  // What changed nothing is answered the same again too.
  if (events.empty() && key.key != 0 && s_.seq < session_machine::limits{}.events) events.push_back(event::answered{});
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
    if (auto* m = std::get_if<event::message>(&what); m && own.key == 0 && !m->client_msg_id.empty())
      own = std::exchange(message_key, {});
    auto e = sequence(s_, std::move(what), t, own);
    apply(s_, e);
    // What others read is stamped by the wall, and never goes back.
    if (stamp != t) {
      e.at = stamp;
      session_time::shift_deadlines(e.what, stamp - t);
    }
    if (own.key != 0) {
      if (own == key && sequenced.empty()) e.answer = std::move(known.packed);
      answered_.add(own, e.seq, stamp, e.answer);
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
    push(sequenced[i].seq, at, encoded[i]);
    tail_.add(sequenced[i].seq, at, std::move(encoded[i]));
  }
  if (tail_.size() > 2 * transcript_tail::keep) tail_.trim(services_.journal.projected());
  move_phase(before, fresh);
  for (auto& e : sequenced) effect(e);
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

/// Which event has which consequence for others.
struct session_body::consequences {
  session_body& b;
  std::uint64_t seq;
  void operator()(const event::opened& x) const { b.started(x); }
  /// A late answer may name another person than the first: then that one is told. A guess is told to nobody: who has no record by
  /// it is still to be found by what the request shows.
  void operator()(const event::identified& x) const {
    if (!x.found.guessed()) b.tell_trail(true);
  }
  void operator()(const event::queued& x) const { b.waits(x); }
  void operator()(const event::offered& x) const { b.is_offered(x); }
  void operator()(const event::offer_ended& x) const { b.offer_is_over(x); }
  void operator()(const event::assigned& x) const {
    b.is_served(x);
    b.has_new_owner(x);
  }
  void operator()(const event::left&) const { b.server_lost("left"); }
  void operator()(const event::transferred&) const { b.server_lost("transferred"); }
  void operator()(const event::closed& x) const { b.ended(x); }
  void operator()(const event::bumped&) const { b.reclaim(); }
  void operator()(const event::transfer_started& x) const { b.search_began(x); }
  void operator()(const event::transfer_ended&) const { b.search_ended(); }
  void operator()(const event::join_offered& x) const { b.asked_to_join(x); }
  void operator()(const event::join_offer_ended& x) const { b.not_joined(x); }
  void operator()(const event::joined& x) const { b.has_joined(x, seq); }
  void operator()(const event::parted& x) const { b.has_left(x); }
  void operator()(const event::snoozed& x) const {
    if (b.agent_) b.self_->send(b.agent_, service_snoozed{b.s_.id, x.until});
  }
  void operator()(const event::woken&) const { b.server_lost("woken"); }
  void operator()(const event::message& x) const {
    b.services_.counters.messages += 1;
    b.note_message(x);
  }
  void operator()(const event::read& x) const { b.note_read(x); }
  void operator()(const auto&) const {}
};

void session_body::effect(const session_event& e) { std::visit(consequences{*this, e.seq}, e.what); }

void session_body::started(const event::opened&) {
  self_->send(directory().identifier_of(s_.id.shard), identify{s_.id, s_.dispatch->request, s_.weight});
}

/// `anew`: by the rules that hold now; else by the version that planned it before, if any did.
void session_body::ask_router(bool anew) {
  routing_ = true;
  auto& d = *s_.dispatch;
  self_->send(directory().router_of(s_.id.shard),
              route_request{s_.id, d.request, d.found.value_or(findings{}), s_.weight, anew ? 0 : d.plan.rules_version});
  if (s_.phase == session_phase::waiting) arm();
}

void session_body::ask_next_step(int from) {
  routing_ = true;
  last_touched_ = now();
  auto& d = *s_.dispatch;
  self_->send(directory().router_of(s_.id.shard),
              step_request{s_.id, d.request, d.found.value_or(findings{}), d.plan, from, standing_in_.all()});
  arm();
}

claim session_body::make_claim() const {
  auto& d = *s_.dispatch;
  claim c;
  c.session = s_.id;
  // Groups and agents compare sessions, each of which has a time of its own.
  c.opened_at = own_.running(s_.opened_at);
  c.priority = d.plan.priority;
  auto step = static_cast<std::size_t>(d.step);
  if (step < d.plan.steps.size()) c.need = d.plan.steps[step].need;
  c.need.weight = s_.weight;
  c.sticky = d.plan.sticky;
  if (!c.sticky.empty()) c.sticky_until = own_.running(s_.phase_since + d.plan.sticky_for);
  // Handed to somebody by name, it is kept for them whether they are free, away or lost their line, until they decline.
  c.owned = session_transfer::is_to_agent(d.plan) && std::ranges::find(d.asked, d.plan.sticky) == d.asked.end();
  if (step < d.plan.steps.size() && d.plan.steps[step].owned && d.step_until) {
    c.owned = true;
    c.sticky_until = own_.running(*d.step_until);
  }
  c.asked = d.asked;
  // Who was named has a time of their own first; then it is everybody's of the group.
  if (auto* t = s_.company && s_.company->transfer ? &*s_.company->transfer : nullptr; t && t->mode == "cold" && t->to_agent.empty()) {
    c.handed_on_by = agent_id{s_.last_agent.id};
    if (std::ranges::find(c.asked, c.handed_on_by) == c.asked.end()) c.asked.push_back(c.handed_on_by);
  }
  return c;
}

void session_body::waits(const event::queued& x) {
  leave_groups(leave_cause::moved_on, x.choice.groups);
  auto claim = make_claim();
  position_due_ = now() + services_.options.position_every;
  auto standing = standing_in_;
  standing_in_ = group_places(x.choice.groups);
  for (auto& g : x.choice.groups) {
    auto group = directory().find_group(g);
    if (!group) {
      standing_in_.remove(g);
      continue;
    }
    // Where it stands already (a widened step) only what it asks has changed. Who was served before and handed on, or lost
    // its agent, has a place whatever the queue holds.
    bool has_place = keeps_place_ || standing.holds(g) || !s_.last_agent.id.empty();
    if (has_place) self_->send(group, claim_back{claim});
    else self_->send(group, enter_queue{claim, false});
  }
  if (standing_in_.empty() && !routing_) nowhere_to_wait(x.choice.step);
}

void session_body::leave_groups(leave_cause cause, const std::vector<group_id>& except) {
  standing_in_.remove_if([&](auto& g) {
    if (std::ranges::find(except, g) != except.end()) return false;
    if (auto group = directory().find_group(g)) self_->send(group, leave_queue{s_.id, cause});
    return true;
  });
}

void session_body::is_offered(const event::offered& x) {
  // Room that others keep for it is theirs to give meanwhile. None is kept for light ones.
  if (s_.weight > 1) reclaim(x.group);
  if (!agent_) agent_ = directory().find_agent(agent_id{x.agent.id});
  if (!agent_) return;
  self_->send(agent_, offer_made{s_.id, x.offer, x.group, x.expires_at, s_.dispatch->found.value_or(findings{}), x.why, offered_as()});
}

void session_body::offer_is_over(const event::offer_ended& x) {
  auto agent = directory().find_agent(x.agent);
  bool missed = std::exchange(missed_, false);
  if (agent) self_->send(agent, offer_over{s_.id, x.offer, x.cause, missed});
  agent_ = agent_actor{};
  agent_readers_.clear();
  // Its time in this step ran out while it was offered: on, before anybody here is asked once more. The groups keep its place
  // and leave it alone until they hear of it.
  if (!route_anew_ && s_.dispatch->step_until && *s_.dispatch->step_until <= now()) {
    if (!routing_) ask_next_step(s_.dispatch->step + 1);
    return;
  }
  reclaim();
  if (routing_) return;
  if (route_anew_ || standing_in_.empty()) find_place();
  else follow_merger();
}

/// Where it stands, what it asks has changed, or who was asked.
void session_body::reclaim(const group_id& but) {
  auto claim = make_claim();
  standing_in_.for_each([&](auto& g) {
    if (g == but) return;
    claim.rings = s_.weight > 1 && s_.offer && s_.offer->group != g;
    if (auto group = directory().find_group(g)) self_->send(group, claim_back{claim});
  });
}

void session_body::is_served(const event::assigned& x) {
  auto& c = services_.counters;
  c.assigned += 1;
  auto waited = s_.last_agent.id.empty() ? (now() - s_.opened_at).count() : 0;  // the first wait; not the talk before a transfer
  for (auto longest = c.longest_wait_ms.load(); waited > longest && !c.longest_wait_ms.compare_exchange_weak(longest, waited);) {}
  if (!agent_) agent_ = directory().find_agent(agent_id{x.agent.id});
  if (agent_) self_->send(agent_, service_began{s_.id, x.offer, x.group, s_.weight, latest_stamp_, false});
  standing_in_.for_each([&](auto& g) {
    auto cause = g == x.group ? leave_cause::accepted : leave_cause::accepted_elsewhere;
    if (auto group = directory().find_group(g)) self_->send(group, leave_queue{s_.id, cause});
  });
  standing_in_.clear();
  route_anew_ = false;
  told_position_ = true;
  clear_alerts();
  tell_trail(false);
}

void session_body::server_lost(const std::string& cause) {
  if (agent_) self_->send(agent_, service_ended{s_.id, cause, cause == "transferred", s_.seq});
  agent_ = agent_actor{};
  agent_readers_.clear();
  // Who served reads on by session.events, and is not pushed what a successor hears.
  std::erase_if(subscribers_, [&](auto& s) { return s.as == reader::agent && !company::find(s_, s.who.value); });
  told_position_ = false;
  clear_alerts();
}

void session_body::ended(const event::closed& x) {
  leave_groups(x.outcome == "abandoned" ? leave_cause::abandoned : leave_cause::closed);
  if (agent_) self_->send(agent_, service_ended{s_.id, "closed", true, s_.seq});
  agent_ = agent_actor{};
  self_->send(directory().directory_of(s_.id.shard),
              session_over{s_.id, s_.channel, s_.customer, agent_id{s_.last_agent.id}, latest_stamp_});
  tell_trail(false);
  agent_readers_.clear();
  company_is_over();
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

void session_body::push(std::uint64_t seq, store::position at, std::string_view encoded) {
  if (subscribers_.empty() && agent_readers_.empty() && !lines_) return;
  session_codec::for_each(encoded, [&](const session_codec::stored_event& e) {
    for (auto& s : subscribers_) push_to(s, seq, at, e);
    for (auto& s : agent_readers_) push_to(s, seq, at, e);
    if (!lines_) return;
    for (auto& g : lines_->guests) {
      for (auto& s : g.readers) push_to(s, seq, at, e);
    }
  });
}

void session_body::push_to(subscription& s, std::uint64_t seq, store::position at, const session_codec::stored_event& e) {
  if (s.catching_up || seq <= s.cursor) return;
  s.cursor = seq;
  if (!may_see(s.as, e.seen_by)) return;
  std::string hollow;
  s.out->notify(at, session_codec::notification(s_.id, s.as, without_recalled(e, hollow)));
}

void session_body::push_fleeting(std::string_view type, std::string packed_fields, std::uint64_t except_outbox) {
  drop_strangers();
  auto at = services_.journal.last();
  auto frame = session_codec::fleeting_notification(s_.id, type, packed_fields);
  auto tell = [&](auto& list) {
    for (auto& s : list) {
      if (s.out->id() != except_outbox) s.out->notify(at, frame);
    }
  };
  tell(subscribers_);
  tell(agent_readers_);
  if (!lines_) return;
  for (auto& g : lines_->guests) tell(g.readers);
}

}  // namespace switchboard
