#include <algorithm>

#include "actors/session/session_body.hpp"

/// The shell of session_transfer: who is asked to join, joins and leaves, and what the queues and
/// agents hear of it.
namespace switchboard {

session_body::company_lines& session_body::lines() {
  if (!lines_) lines_ = std::make_unique<company_lines>();
  return *lines_;
}

void session_body::tidy_lines() {
  if (lines_ && lines_->empty()) lines_.reset();
}

session_body::company_lines::guest* session_body::find_guest(const agent_id& who) {
  if (!lines_) return nullptr;
  auto at = std::ranges::find_if(lines_->guests, [&](auto& g) { return g.who == who; });
  return at == lines_->guests.end() ? nullptr : &*at;
}

claim session_body::make_join_claim(const open_transfer& t) const {
  claim c;
  c.session = s_.id;
  c.opened_at = own_.running(s_.opened_at);
  c.priority = t.plan.priority;
  for (auto& step : t.plan.steps) {
    if (!t.groups.empty() && std::ranges::find(step.groups, t.groups.front()) != step.groups.end())
      c.need = step.need;
  }
  c.need.weight = s_.weight;
  c.sticky = t.plan.sticky;
  if (!c.sticky.empty()) c.sticky_until = own_.running(t.since + t.plan.sticky_for);
  c.asked = t.asked;
  // Who is there already cannot join.
  if (s_.serving) c.asked.push_back(agent_id{s_.serving->agent.id});
  for (auto& p : s_.company->parties) c.asked.push_back(agent_id{p.who.id});
  return c;
}

std::optional<offered_transfer> session_body::offered_as() const {
  if (!s_.company || !s_.company->transfer) return {};
  auto& t = *s_.company->transfer;
  return offered_transfer{t.id, t.mode, t.by, t.note};
}

// ---- what groups and agents say

bool session_body::propose_to_join(propose_agent& m, const caf::strong_actor_ptr& agent,
                                   const group_actor& group) {
  if (!company::seeking(s_) || !lines_) return false;
  bool expected = lines_->standing.reopen(m.what.group) &&
                  std::ranges::find(disavowed_, m.what.offer) == disavowed_.end();
  if (!expected) return false;
  auto decided = session_transfer::propose(s_, m.what, now(), transfer_limits());
  if (group) self_->send(group, proposal_answered{s_.id, m.what.offer, decided.has_value()});
  if (!decided) return true;
  lines_->asked = caf::actor_cast<agent_actor>(agent);
  commit(std::move(*decided));
  return true;
}

bool session_body::answer_to_join(offer_answer& m, request_key key) {
  auto* t = company::seeking(s_);
  if (!t || !t->offer || t->offer->offer != m.offer || t->offer->agent.id != m.agent.value)
    return false;
  auto decided = session_transfer::accept(s_, m.offer, m.agent, now(), transfer_limits());
  if (!m.accept) {
    auto cause = m.reason == "declined" ? m.reason : "declined: " + m.reason;
    decided = session_transfer::end_offer(s_, m.offer, std::move(cause), true);
  }
  if (!decided) {
    m.reply.fail(services_.journal.last(), decided.error());
    return true;
  }
  settle(m.reply, key, std::move(*decided), m.accept ? packed_id() : empty_answer());
  return true;
}

bool session_body::tell_of_join(const offer_query& m, const agent_actor& agent) {
  // Room that was just asked for: what becomes of it is decided with the agent's answer, which is
  // on its way.
  if (lines_ && lines_->call && lines_->call->offer == m.offer) return true;
  auto* t = company::seeking(s_);
  if (!t || !t->offer || t->offer->offer != m.offer) return false;
  self_->send(agent,
              offer_made{s_.id, m.offer, t->offer->group, t->offer->expires_at,
                         s_.dispatch->found.value_or(findings{}), t->offer->why, offered_as()});
  return true;
}

bool session_body::guest_readers(agent_readers& m) {
  auto* g = find_guest(m.agent);
  if (!g) return false;
  std::vector<subscription> fresh;
  for (auto& out : m.readers) {
    auto same = [&](auto& r) { return r.out && r.out->id() == out->id(); };
    if (std::ranges::any_of(subscribers_, same)) continue;
    auto known = std::ranges::find_if(g->readers, same);
    if (known != g->readers.end())
      fresh.push_back(std::move(*known));
    else
      fresh.push_back({out, reader::agent, g->from, false, m.agent});
  }
  g->readers = std::move(fresh);
  for (auto& r : g->readers) go_live(r);
  return true;
}

// ---- effects

void session_body::search_began(const event::transfer_started& x) {
  // One who is asked by name is asked directly.
  if (!x.to_agent.empty()) return;
  auto& l = lines();
  l.standing = group_places(x.choice.groups);
  auto claim = make_join_claim(*s_.company->transfer);
  l.standing.remove_if([&](auto& g) { return !directory().find_group(g); });
  l.standing.for_each([&](auto& g) { self_->send(directory().find_group(g), claim_back{claim}); });
  arm();
}

/// A group where somebody is looked for is closed or no more: the search goes on where it was merged
/// into, and is over when nobody is left to be asked.
void session_body::search_lost(const group_id& gone, bool removed) {
  auto* t = company::seeking(s_);
  if (!t || !lines_) return;
  auto& standing = lines_->standing;
  if (!(removed ? standing.remove(gone) : standing.close(gone))) return;
  auto heir = successor_of(gone);
  if (auto group = directory().find_group(heir); group && heir != gone && !standing.holds(heir)) {
    standing.add(heir);
    self_->send(group, claim_back{make_join_claim(*t)});
  }
  if (standing.empty() && !t->offer) commit(session_transfer::nobody_to_ask(s_));
}

void session_body::search_ended() {
  if (s_.company && !s_.company->returns_to.empty() && s_.phase == session_phase::waiting) {
    // It is to come back: the wrap-up of what is not over would hold the room it needs.
    if (auto agent = directory().find_agent(s_.company->returns_to)) {
      self_->send(agent, service_ended{s_.id, "wrapped_up", false});
    }
  }
  if (!lines_) return;
  lines_->standing.for_each([&](auto& g) {
    if (auto group = directory().find_group(g))
      self_->send(group, leave_queue{s_.id, leave_cause::moved_on});
  });
  lines_->standing.clear();
  tidy_lines();
}

void session_body::asked_to_join(const event::join_offered& x) {
  auto& l = lines();
  if (!l.asked) l.asked = directory().find_agent(agent_id{x.agent.id});
  l.asked_under = x.offer;
  if (!l.asked) return;
  self_->send(l.asked, offer_made{s_.id, x.offer, x.group, x.expires_at,
                                  s_.dispatch->found.value_or(findings{}), x.why, offered_as()});
}

void session_body::not_joined(const event::join_offer_ended& x) {
  if (auto agent = directory().find_agent(x.agent))
    self_->send(agent, offer_over{s_.id, x.offer, x.cause, x.cause == "timeout"});
  if (!lines_) return;
  lines_->asked = agent_actor{};
  auto* t = company::seeking(s_);
  if (!t) return tidy_lines();
  auto claim = make_join_claim(*t);
  lines_->standing.for_each([&](auto& g) {
    if (auto group = directory().find_group(g)) self_->send(group, claim_back{claim});
  });
}

void session_body::has_joined(const event::joined& x, std::uint64_t seq) {
  auto& l = lines();
  agent_id who{x.who.id};
  auto* g = find_guest(who);
  if (!g)
    g = &l.guests.emplace_back(company_lines::guest{who, directory().find_agent(who), seq - 1, {}});
  if (!x.transfer.empty()) {
    l.standing.for_each([&](auto& at) {
      auto cause = at == x.group ? leave_cause::joined : leave_cause::accepted_elsewhere;
      if (auto group = directory().find_group(at)) self_->send(group, leave_queue{s_.id, cause});
    });
    l.standing.clear();
    l.asked = agent_actor{};
  }
  if (g->agent) {
    self_->send(g->agent, guest_began{s_.id, x.offer, std::string(to_string(x.as)), x.group,
                                      holds_room(x.as) ? s_.weight : 0, latest_stamp_});
  }
}

void session_body::has_left(const event::parted& x) {
  agent_id who{x.who.id};
  if (company::find(s_, x.who.id)) return;  // only changed how they are there
  if (auto agent = directory().find_agent(who)) self_->send(agent, guest_ended{s_.id, x.reason});
  std::erase_if(subscribers_, [&](auto& s) { return s.who == who; });
  if (!lines_) return;
  std::erase_if(lines_->guests, [&](auto& g) { return g.who == who; });
  tidy_lines();
}

void session_body::company_is_over() {
  if (!lines_) return;
  auto l = std::move(lines_);
  for (auto& g : l->guests) {
    if (g.agent) self_->send(g.agent, guest_ended{s_.id, "closed"});
  }
  if (l->asked) self_->send(l->asked, offer_over{s_.id, l->asked_under, "withdrawn", false});
  l->standing.for_each([&](auto& g) {
    if (auto group = directory().find_group(g))
      self_->send(group, leave_queue{s_.id, leave_cause::closed});
  });
  if (l->call)
    give_up(*l->call, error{errc::failed_precondition, "the session is over", {}, {}, 0});
}

/// After a restart: who was there is there, and holds the room already; an open offer is over; the
/// search goes on.
void session_body::resume_company() {
  if (!s_.company) return;
  auto parties = s_.company->parties;
  for (auto& p : parties) {
    agent_id who{p.who.id};
    auto agent = directory().find_agent(who);
    if (!agent) {
      commit(session_transfer::guest_lost(s_, who, "no such agent any more"));
      continue;
    }
    lines().guests.push_back({who, agent, s_.seq, {}});
    self_->send(agent, guest_began{s_.id,
                                   {},
                                   std::string(to_string(p.as)),
                                   p.group,
                                   holds_room(p.as) ? s_.weight : 0,
                                   p.since});
  }
  // The configuration may have become another meanwhile.
  part_strangers();
  auto* t = company::seeking(s_);
  if (!t) return;
  if (!t->to_agent.empty()) {
    // Nobody else is asked, and whether that one was is not known any more.
    if (auto ended = session_transfer::cancel(s_, {"system", "", ""}, t->id, now()))
      commit(std::move(*ended));
    return;
  }
  for (auto& g : t->groups) lines().standing.add(successor_of(g));
  if (t->offer)
    return void(commit(session_transfer::end_offer(s_, t->offer->offer, "restart", false)));
  auto claim = make_join_claim(*t);
  lines_->standing.for_each([&](auto& g) {
    if (auto group = directory().find_group(g)) self_->send(group, claim_back{claim});
  });
}

std::optional<timestamp> session_body::company_deadline() const {
  auto first = company::next_deadline(s_);
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  if (lines_ && lines_->call) earlier(lines_->call->until);
  // A time on the wall: where the clock is set meanwhile, everybody is woken to look again.
  if (s_.company && s_.company->snoozed_until) earlier(now() + (*s_.company->snoozed_until - wall()));
  return first;
}

void session_body::company_wake(timestamp t) {
  if (lines_ && lines_->call && lines_->call->until <= t) {
    auto call = std::move(*lines_->call);
    lines_->call.reset();
    tidy_lines();
    give_up(call, error{errc::unavailable, "no answer in time", {}, {}, 0});
  }
  if (!s_.company) return;
  if (s_.company->snoozed_until && *s_.company->snoozed_until <= wall()) {
    commit(session_attendance::wake(s_, "time", {"system", "", ""}, t));
  }
  commit(session_transfer::expire(s_, t));
}

}  // namespace switchboard
