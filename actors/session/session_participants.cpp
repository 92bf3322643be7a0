#include "actors/session/session_participants.hpp"

#include <algorithm>

#include "actors/session/session_attendance.hpp"
#include "runtime/hosting/answer_together.hpp"

namespace switchboard {

using session_machine::payloads;

namespace {

const participant by_itself{"system", "", ""};

void refuse(const session_call& call, error why, session_effects& out) {
  out.push_back(effect::refuse{call.reply, std::move(why)});
}
void refuse(const session_call& call, errc code, std::string message, std::string field,
            session_effects& out) {
  refuse(call, error{code, std::move(message), std::move(field), {}, 0, {}}, out);
}

/// Nobody serves it yet: it changes its queue and keeps its age, and a leader's word is kept with
/// the plan.
bool moves_waiter(const session_state& s, const session_call& call) {
  return call.method == session_method::move && s.phase == session_phase::waiting;
}

payloads moved(const session_participants::situation& at, const session_call& call,
               routing_plan plan, step_choice first) {
  plan.why.push_back("moved by " + call.by.id + ": " + call.text);
  return session_machine::plan(at.s, std::move(plan), std::move(first), at.now);
}

bool begin(const session_participants::situation& at, const session_call& call, request_key key,
           routing_plan plan, step_choice first, session_effects& out) {
  if (moves_waiter(at.s, call)) {
    if (session_machine::is_nowhere(plan, first)) {
      refuse(call, errc::failed_precondition, "there is nobody to wait for there", {}, out);
      return false;
    }
    out.push_back(
        effect::settle{call.reply, key, moved(at, call, std::move(plan), std::move(first)), {}});
    return true;
  }
  auto wish = wish_of(at.s, call);
  auto id = wish.id;
  auto decided = session_transfer::begin(at.s, std::move(wish), std::move(plan), std::move(first),
                                         at.now, at.limits);
  if (!decided) {
    refuse(call, decided.error(), out);
    return false;
  }
  out.push_back(effect::settle{call.reply, key, std::move(*decided), std::move(id)});
  return true;
}

/// As a group of that name would propose somebody who was asked by name.
session_machine::proposal asked_by_name(const config::dispatch_config& c, const group_id& group,
                                        const offer_id& offer, const participant& agent) {
  session_machine::proposal p;
  p.offer = offer;
  p.agent = agent;
  p.group = group;
  p.why = "asked by name";
  if (auto g = std::ranges::find(c.groups, group, &config::group_config::id); g != c.groups.end()) {
    p.automatic = g->offer.accept == config::accept_mode::automatic;
    p.timeout = g->offer.timeout;
  }
  return p;
}

void record(payloads events, session_effects& out) {
  if (!events.empty()) out.push_back(effect::record{std::move(events)});
}

}  // namespace

queue_entry queue_entry_of(const session_state& s, const open_transfer& t) {
  queue_entry c;
  c.session = s.id;
  c.opened_at = s.opened_at;
  c.priority = t.plan.priority;
  for (auto& step : t.plan.steps) {
    if (!t.groups.empty() && std::ranges::find(step.groups, t.groups.front()) != step.groups.end())
      c.need = step.need;
  }
  c.need.weight = s.weight;
  c.sticky = t.plan.sticky;
  if (!c.sticky.empty()) c.sticky_until = t.since + t.plan.sticky_for;
  c.asked = t.asked;
  // Who is there already cannot join.
  if (s.serving) c.asked.push_back(agent_id{s.serving->agent.id});
  for (auto& p : s.participants->parties) c.asked.push_back(agent_id{p.who.id});
  return c;
}

const open_transfer* transfer_of(const session_state& s) {
  return s.participants && s.participants->transfer ? &*s.participants->transfer : nullptr;
}

session_transfer::wish wish_of(const session_state& s, const session_call& call) {
  return {transfer_id{s.id.text() + ".t" + std::to_string(s.seq + 1)},
          call.by,
          call.mode,
          call.to_group,
          call.to_agent,
          call.by_rules,
          call.text};
}

session_participants::under_way& session_participants::now_on() {
  return now_ ? *now_ : now_.emplace();
}

void session_participants::tidy() {
  if (now_ && now_->standing.none() && now_->asked.empty() && !now_->call) now_.reset();
}

session_participants::waiting_call session_participants::take_call() {
  auto w = std::move(*now_->call);
  now_->call.reset();
  tidy();
  return w;
}

/// The call that is under way is asked for once more: it is answered once for both.
bool session_participants::joins_the_call(const session_call& call, request_key key) {
  if (key.key == 0 || !awaits_answer() || now_->call->key != key) return false;
  auto& reply = now_->call->call.reply;
  reply = {std::make_shared<answer_together>(reply, call.reply), 0};
  return true;
}

// ---- calls that wait for somebody's word

void session_participants::transfer(const situation& at, session_call call, request_key key,
                                    session_effects& out) {
  auto may = moves_waiter(at.s, call) ? result<void>{}
                                      : session_transfer::may_begin(at.s, wish_of(at.s, call));
  if (!may) return refuse(call, may.error(), out);
  if (joins_the_call(call, key)) return;
  if (awaits_answer()) return refuse(call, errc::aborted, "another transfer is under way", {}, out);
  if (call.mode == "cold" && participants::find(at.s, call.to_agent)) {
    // Who is there already needs no way found.
    begin(at, call, key, {}, {}, out);
    return;
  }
  out.push_back(effect::route_transfer{call.to_group, call.to_agent, call.by_rules});
  now_on().call = waiting_call{std::move(call), key, at.now + at.patience, {}, {}, {}};
}

void session_participants::take_over(const situation& at, session_call call, request_key key,
                                     session_effects& out) {
  if (auto may = session_attendance::take_over(at.s, call.by, {}, {}); !may)
    return refuse(call, may.error(), out);
  if (joins_the_call(call, key)) return;
  if (awaits_answer()) return refuse(call, errc::aborted, "a transfer is under way", {}, out);
  waiting_call w;
  w.first.groups = {at.s.serving->group};
  const agent_id who{call.by.id};
  w.call = std::move(call);
  w.key = key;
  ask_for_room(at, std::move(w), who, out);
}

void session_participants::ask_for_room(const situation& at, waiting_call w, const agent_id& who,
                                        session_effects& out) {
  if (!at.known.has(who)) return refuse(w.call, errc::not_found, "there is no such agent", {}, out);
  w.offer = offer_id{at.s.id.text() + ".r" + std::to_string(at.s.seq) + "." +
                     std::to_string(++rooms_asked_)};
  w.until = at.now + at.patience;
  const bool takeover = w.call.method == session_method::takeover;
  // A cold transfer waits for the agent: only whether the agent can come at all is asked, without
  // room.
  const bool waits = !takeover && w.call.mode == "cold";
  out.push_back(effect::hold_room{who, w.offer,
                                  w.first.groups.empty() ? group_id{} : w.first.groups.front(),
                                  waits ? 0 : at.s.weight, takeover});
  now_on().call = std::move(w);
}

bool session_participants::waits_for_room(const offer_id& offer) const {
  return now_ && now_->call && now_->call->offer == offer;
}

void session_participants::routed(const situation& at, routing_plan plan, step_choice first,
                                  const std::string& refusal, const std::string& field,
                                  const permission& may, session_effects& out) {
  if (!waits_for_room({})) return;
  auto w = take_call();
  if (!refusal.empty()) return refuse(w.call, errc::failed_precondition, refusal, field, out);
  if (!may(w.call))
    return refuse(w.call, errc::permission_denied, "you do not serve this session any more", {},
                  out);
  if (w.call.to_agent.empty()) {
    begin(at, w.call, w.key, std::move(plan), std::move(first), out);
    return;
  }
  w.plan = std::move(plan);
  w.first = std::move(first);
  const agent_id who{w.call.to_agent};
  ask_for_room(at, std::move(w), who, out);
}

void session_participants::room_held(const situation& at, const offer_id& offer,
                                     const participant& agent, const std::string& refusal,
                                     const permission& may, session_effects& out) {
  const agent_id who{agent.id};
  auto release = [&] {
    if (refusal.empty()) out.push_back(effect::release_room{who, offer});
  };
  if (offer.empty() || !waits_for_room(offer)) return release();
  auto w = take_call();
  const bool takeover = w.call.method == session_method::takeover;
  if (!refusal.empty()) {
    const auto whom = takeover ? std::string("you") : "to.agent: " + agent.id;
    return refuse(w.call, errc::failed_precondition, whom + " cannot take it: " + refusal,
                  takeover ? "" : "to.agent", out);
  }
  if (!may(w.call)) {
    refuse(w.call, errc::permission_denied, "you do not serve this session any more", {}, out);
    return release();
  }
  if (takeover) {
    auto decided = session_attendance::take_over(at.s, w.call.by, wish_of(at.s, w.call).id, offer);
    if (decided) return out.push_back(effect::settle{w.call.reply, w.key, std::move(*decided), {}});
    release();
    return refuse(w.call, decided.error(), out);
  }
  const auto group = w.first.groups.empty() ? group_id{} : w.first.groups.front();
  const bool cold = w.call.mode == "cold";
  const bool begun = begin(at, w.call, w.key, std::move(w.plan), std::move(w.first), out);
  if (cold) return;
  if (!begun) return release();
  out.push_back(effect::propose_join{asked_by_name(at.known.config(), group, offer, agent)});
}

// ---- the search for somebody to join

std::optional<result<payloads>> session_participants::propose(const situation& at,
                                                              const session_machine::proposal& p) {
  if (!participants::seeking(at.s) || !now_ || !now_->standing.reopen(p.group)) return {};
  return session_transfer::propose(at.s, p, at.now, at.limits);
}

std::optional<result<payloads>> session_participants::answer(const situation& at,
                                                             const offer_id& offer,
                                                             const agent_id& agent, bool accepts,
                                                             const std::string& reason) {
  auto* t = participants::seeking(at.s);
  if (!t || !t->offer || t->offer->offer != offer || t->offer->agent.id != agent.value) return {};
  if (accepts) return session_transfer::accept(at.s, offer, agent, at.now, at.limits);
  // The agent's own words must not pass for a cause of ours.
  return result<payloads>(session_transfer::end_offer(
      at.s, offer, reason == "declined" ? reason : "declined: " + reason, true));
}

void session_participants::seek(session_effects& out) const {
  now_->standing.for_each([&](auto& g) { out.push_back(effect::seek_in_queue{g}); });
}

void session_participants::leave_queues(leave_cause cause, session_effects& out) {
  if (!now_) return;
  now_->standing.for_each([&](auto& g) { out.push_back(effect::leave_queue{g, cause}); });
  now_->standing.clear();
}

void session_participants::group_gone(const situation& at, const group_id& group, bool removed,
                                      session_effects& out) {
  auto* t = participants::seeking(at.s);
  if (!t || !now_) return;
  auto& standing = now_->standing;
  if (!(removed ? standing.remove(group) : standing.close(group))) return;
  auto heir = at.known.successor(group);
  if (heir != group && at.known.has(heir) && !standing.holds(heir)) {
    standing.add(heir);
    out.push_back(effect::seek_in_queue{std::move(heir)});
  }
  if (standing.empty() && !t->offer) record(session_transfer::nobody_to_ask(at.s), out);
}

void session_participants::at_position(const group_id& group) {
  if (now_) now_->standing.reopen(group);
}

void session_participants::search_began(const event::transfer_started& x, const roster& known,
                                        session_effects& out) {
  // One who is asked by name is asked directly.
  if (!x.to_agent.empty()) return;
  auto& standing = now_on().standing;
  standing = group_places(x.choice.groups);
  standing.remove_if([&](auto& g) { return !known.has(g); });
  seek(out);
}

void session_participants::search_ended(const session_state& s, session_effects& out) {
  if (s.participants && !s.participants->returns_to.empty() && s.phase == session_phase::waiting) {
    // It is to come back: the wrap-up of what is not over would hold the room it needs.
    out.push_back(effect::end_wrap_up{s.participants->returns_to});
  }
  leave_queues(leave_cause::moved_on, out);
  tidy();
}

void session_participants::join_offered(const event::join_offered& x, session_effects& out) {
  auto& now = now_on();
  now.asked = agent_id{x.agent.id};
  now.asked_under = x.offer;
  out.push_back(effect::offer_join{now.asked, x.offer, x.group, x.expires_at, x.why});
}

void session_participants::join_offer_ended(const event::join_offer_ended& x,
                                            const session_state& s, session_effects& out) {
  out.push_back(effect::end_offer{x.agent, x.offer, x.cause, x.cause == "timeout"});
  if (!now_) return;
  now_->asked = {};
  if (participants::seeking(s))
    seek(out);
  else
    tidy();
}

void session_participants::joined(const event::joined& x, session_effects& out) {
  if (now_ && !x.transfer.empty()) {
    now_->standing.for_each([&](auto& g) {
      out.push_back(effect::leave_queue{
          g, g == x.group ? leave_cause::joined : leave_cause::accepted_elsewhere});
    });
    now_->standing.clear();
    now_->asked = {};
    tidy();
  }
  out.push_back(effect::begin_guest{agent_id{x.who.id}, x.offer, x.as, x.group, {}});
}

void session_participants::parted(const event::parted& x, session_effects& out) {
  out.push_back(effect::end_guest{agent_id{x.who.id}, x.reason});
}

void session_participants::over(const std::vector<agent_id>& guests, session_effects& out) {
  for (auto& g : guests) out.push_back(effect::end_guest{g, "closed"});
  if (!now_) return;
  if (!now_->asked.empty())
    out.push_back(effect::end_offer{now_->asked, now_->asked_under, "withdrawn", false});
  leave_queues(leave_cause::closed, out);
  if (now_->call)
    refuse(now_->call->call, errc::failed_precondition, "the session is over", {}, out);
  now_.reset();
}

// ---- time, a restart

std::optional<timestamp> session_participants::deadline(const session_state& s, timestamp now,
                                                        timestamp wall) const {
  auto first = participants::next_deadline(s);
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  if (now_ && now_->call) earlier(now_->call->until);
  // A time on the wall: where the clock is set meanwhile, everybody is woken to look again.
  if (s.participants && s.participants->snoozed_until)
    earlier(now + (*s.participants->snoozed_until - wall));
  return first;
}

void session_participants::wake(const situation& at, timestamp wall, session_effects& out) {
  if (now_ && now_->call && now_->call->until <= at.now)
    refuse(take_call().call, errc::unavailable, "no answer in time", {}, out);
  auto& participants = at.s.participants;
  if (!participants) return;
  if (participants->snoozed_until && *participants->snoozed_until <= wall) {
    return record(session_attendance::wake(at.s, "time", by_itself, at.now), out);
  }
  record(session_transfer::expire(at.s, at.now), out);
}

void session_participants::resume_guests(const situation& at, session_effects& out) {
  if (!at.s.participants) return;
  for (auto& p : at.s.participants->parties) {
    const agent_id who{p.who.id};
    if (at.known.has(who))
      out.push_back(effect::begin_guest{who, {}, p.as, p.group, p.since});
    else
      record(session_transfer::guest_lost(at.s, who, "no such agent any more"), out);
  }
}

void session_participants::resume_search(const situation& at, session_effects& out) {
  auto* t = participants::seeking(at.s);
  if (!t) return;
  if (!t->to_agent.empty()) {
    // Nobody else is asked, and whether that one was is not known any more.
    if (auto ended = session_transfer::cancel(at.s, by_itself, t->id, at.now))
      record(std::move(*ended), out);
    return;
  }
  auto& standing = now_on().standing;
  for (auto& g : t->groups) standing.add(at.known.successor(g));
  if (t->offer)
    record(session_transfer::end_offer(at.s, t->offer->offer, "restart", false), out);
  else
    seek(out);
}

}  // namespace switchboard
