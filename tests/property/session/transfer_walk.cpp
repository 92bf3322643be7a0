#include "tests/property/session/transfer_walk.hpp"

#include <algorithm>
#include <set>

#include "actors/skill_group/agent_view.hpp"

namespace switchboard::test {

using session_machine::payloads;

namespace {

const group_id groups[] = {group_id{"g"}, group_id{"h"}};
const participant customer{"customer", "u", "Ann"};
constexpr int most_sessions = 6;

routing_plan plan_for(const group_id& g, int weight) {
  routing_plan p;
  p.rule = "walk";
  p.steps.push_back({.groups = {g}, .need = {{}, weight}});
  return p;
}

step_choice choice_of(const group_id& g) {
  step_choice c;
  c.groups = {g};
  return c;
}

}  // namespace

transfer_walk::transfer_walk(std::uint64_t seed) : rng_(seed) {
  int n = 2 + roll(4);
  for (int i = 0; i < n; ++i) {
    config::agent_config c;
    c.id = agent_id{"a" + std::to_string(i)};
    c.capacity = 1 + roll(5);
    auto& a = agents_.emplace_back(c, agent_record{});
    a.apply_event(agent_event::presence_changed{agent_status::online, ""}, now_);
    a.line_back();
  }
  open();
}

agent_machine* transfer_walk::agent(const std::string& id) {
  auto at = std::ranges::find_if(agents_, [&](auto& a) { return a.config().id.value == id; });
  return at == agents_.end() ? nullptr : &*at;
}

void transfer_walk::open() {
  auto& l = sessions_.emplace_back();
  ++ids_;
  l.state.id = make_session_id(1, now_, ids_, ids_);
  l.opened_at = now_;
  consultation_request r;
  r.channel = "app";
  r.customer.id = "u";
  int weight = roll(4) == 0 ? 3 : 1;
  auto g = groups[roll(2)];
  happen(l, session_machine::open(r, {}, weight, "en"));
  happen(l, session_machine::identified({}, false));
  happen(l, session_machine::plan(l.state, plan_for(g, weight), choice_of(g), now_));
}

void transfer_walk::happen(line& l, result<payloads> decided) {
  if (decided) happen(l, std::move(*decided));
}

void transfer_walk::happen(line& l, payloads events) {
  for (auto& what : events) {
    auto& s = l.state;
    std::string owner = s.serving ? s.serving->agent.id : "";
    std::vector<std::string> parties;
    if (s.participants) {
      for (auto& p : s.participants->parties) parties.push_back(p.who.id);
    }
    std::vector<offer_id> offers;
    if (s.offer) offers.push_back(s.offer->offer);
    if (auto* t = participants::seeking(s); t && t->offer) offers.push_back(t->offer->offer);
    auto e = sequence(s, std::move(what), now_);
    apply(s, e);
    session_codec::encode(e, l.log);
    tell_agents(l, e, owner, std::move(parties), offers);
  }
}

/// As the shells do it (session_effects.cpp, session_joining.cpp).
void transfer_walk::tell_agents(line& l, const session_event& e, const std::string& owner_before,
                                std::vector<std::string> parties_before,
                                const std::vector<offer_id>& offers_before) {
  auto& s = l.state;
  auto let_owner_go = [&] {
    if (auto* a = agent(owner_before)) a->end_service(s.id);
  };
  if (auto* x = std::get_if<event::assigned>(&e.what)) {
    agent(x->agent.id)->serve(x->offer, s.id, {x->group, s.weight, now_}, now_);
  } else if (auto* x = std::get_if<event::joined>(&e.what)) {
    if (auto* a = agent(x->who.id)) {
      a->join(x->offer, s.id,
              {std::string(to_string(x->as)), x->group, holds_room(x->as) ? s.weight : 0, now_});
    }
  } else if (auto* x = std::get_if<event::parted>(&e.what)) {
    auto* a = agent(x->who.id);
    if (a && !participants::find(s, x->who.id)) a->end_guest(s.id);
  } else if (auto* x = std::get_if<event::offer_ended>(&e.what)) {
    agent(x->agent.value)->release(x->offer);
  } else if (auto* x = std::get_if<event::join_offer_ended>(&e.what)) {
    agent(x->agent.value)->release(x->offer);
  } else if (auto* x = std::get_if<event::snoozed>(&e.what)) {
    agent(owner_before)->snooze(s.id, x->until);
  } else if (std::holds_alternative<event::transferred>(e.what) ||
             std::holds_alternative<event::left>(e.what) ||
             std::holds_alternative<event::woken>(e.what)) {
    let_owner_go();
  } else if (std::holds_alternative<event::closed>(e.what)) {
    let_owner_go();
    for (auto& id : parties_before) {
      if (auto* a = agent(id)) a->end_guest(s.id);
    }
    for (auto& a : agents_) {
      for (auto& o : offers_before) a.release(o);
    }
  }
}

void transfer_walk::step() {
  if (sessions_.size() < most_sessions && roll(12) == 0) return open();
  auto& l = any_session();
  switch (roll(19)) {
    case 0:
    case 1:
    case 2:
      return propose(l);
    case 3:
    case 4:
      return answer(l);
    case 5:
    case 6:
    case 7:
      return transfer(l);
    case 8:
    case 9:
      return end_transfer(l);
    case 10:
      return roll(3) == 0 ? lose(any_agent()) : propose(l);
    case 11:
      return supervise(l);
    case 12:
      return put_off(l);
    case 13:
      return customer_writes(l);
    case 14:
      return pass_time();
    case 15:
      return owner_writes(l);
    case 16:
    case 17:
      return recall(l);
    default:
      last_ = "close";
      if (roll(4) != 0) return pass_time();
      return happen(l, session_machine::close(
                           l.state, roll(2) ? customer : participant{"system", "", ""}, "done"));
  }
}

void transfer_walk::propose(line& l) {
  auto& a = any_agent();
  auto& s = l.state;
  last_ = "propose " + a.config().id.value;
  offer_id offer{s.id.text() + "." + std::to_string(++offers_)};
  if (s.over() || !a.reserve(offer, {s.id, groups[0], s.weight, now_ + millis{5'000}})) return;
  session_machine::proposal p{offer,        as_agent(a),    groups[roll(2)],
                              roll(2) == 0, millis{20'000}, "walk"};
  auto decided = participants::seeking(s) ? session_transfer::propose(s, p, now_, limits_)
                                          : session_machine::propose(s, p, now_);
  if (!decided)
    a.release(offer);
  else
    happen(l, std::move(*decided));
}

void transfer_walk::answer(line& l) {
  auto& s = l.state;
  auto* t = participants::seeking(s);
  bool accept = roll(3) != 0;
  last_ = accept ? "accept" : "decline";
  if (t && t->offer) {
    auto offer = t->offer->offer;
    agent_id who{t->offer->agent.id};
    if (accept)
      happen(l, session_transfer::accept(s, offer, who, now_, limits_));
    else
      happen(l, session_transfer::end_offer(s, offer, "declined", true));
  } else if (s.offer) {
    auto offer = s.offer->offer;
    agent_id who{s.offer->agent.id};
    if (accept)
      happen(l, session_machine::accept(s, offer, who, now_));
    else
      happen(l, session_machine::end_offer(s, offer, "declined", true));
  }
}

void transfer_walk::transfer(line& l) {
  auto& s = l.state;
  const char* modes[] = {"cold", "warm", "consult", "conference"};
  session_transfer::wish w;
  w.mode = modes[roll(4)];
  w.by = s.serving && roll(5) ? s.serving->agent : as_agent(any_agent());
  w.id = transfer_id{s.id.text() + ".t" + std::to_string(s.seq + 1)};
  if (roll(2))
    w.to_agent = any_agent().config().id.value;
  else
    w.to_group = groups[roll(2)].value;
  last_ = w.mode + " to " + (w.to_agent.empty() ? w.to_group : w.to_agent);
  // The table lets only the owner and who leads them.
  if (!s.serving || (w.by.id != s.serving->agent.id && roll(2))) return;
  if (w.by.id != s.serving->agent.id) w.by.role = "supervisor";
  auto group = groups[roll(2)];
  auto to_agent = w.to_agent;
  bool direct = w.mode != "cold" && !to_agent.empty();
  if (!direct) {
    return happen(l, session_transfer::begin(s, std::move(w), plan_for(group, s.weight),
                                             choice_of(group), now_, limits_));
  }
  if (!session_transfer::may_begin(s, w)) return;
  auto& a = *agent(to_agent);
  offer_id offer{s.id.text() + ".r" + std::to_string(++offers_)};
  if (!a.reserve(offer, {s.id, group, s.weight, now_ + millis{5'000}})) return;
  happen(l, session_transfer::begin(s, std::move(w), plan_for(group, s.weight), choice_of(group),
                                    now_, limits_));
  auto joins = session_transfer::propose(
      s, {offer, as_agent(a), group, roll(2) == 0, millis{20'000}, "by name"}, now_, limits_);
  if (!joins)
    a.release(offer);
  else
    happen(l, std::move(*joins));
}

void transfer_walk::end_transfer(line& l) {
  auto& s = l.state;
  if (!s.participants || !s.participants->transfer) return;
  auto id = s.participants->transfer->id;
  auto by = roll(4) ? s.participants->transfer->by : participant{"supervisor", "boss", ""};
  bool cancel = roll(2) == 0;
  last_ = (cancel ? "cancel " : "complete ") + s.participants->transfer->mode;
  happen(l, cancel ? session_transfer::cancel(s, by, id, now_)
                   : session_transfer::complete(s, by, id));
}

void transfer_walk::lose(agent_machine& a) {
  last_ = "lose " + a.config().id.value;
  for (auto& l : sessions_) {
    if (l.state.over()) continue;
    happen(l, session_transfer::owner_lost(l.state, a.config().id, "connection lost", now_));
    happen(l, session_transfer::guest_lost(l.state, a.config().id, "connection lost"));
    if (l.state.offer && l.state.offer->agent.id == a.config().id.value) {
      happen(l, session_machine::end_offer(l.state, l.state.offer->offer, "disconnected", true));
    }
  }
}

void transfer_walk::supervise(line& l) {
  auto& s = l.state;
  auto& a = any_agent();
  auto who = as_agent(a);
  switch (roll(5)) {
    case 0:
      last_ = "monitor";
      return happen(l, session_attendance::attend(s, who, presence::monitor));
    case 1:
      last_ = "barge";
      return happen(l, session_attendance::attend(s, who, presence::barge));
    case 2:
      last_ = "leave";
      return s.over() ? void() : happen(l, session_attendance::leave(s, who, agent_id{who.id}));
    case 3:
      last_ = "whisper";
      return happen(l, session_attendance::whisper(s, who, {"w", "text", {"\x80"}}));
    default:
      break;
  }
  last_ = "takeover by " + who.id;
  if (!session_attendance::take_over(s, who, {}, {})) return;
  offer_id offer{s.id.text() + ".r" + std::to_string(++offers_)};
  if (!a.reserve_takeover(offer, {s.id, groups[0], s.weight, now_ + millis{5'000}})) return;
  happen(l, session_attendance::take_over(s, who, transfer_id{"x"}, offer));
}

void transfer_walk::put_off(line& l) {
  auto& s = l.state;
  last_ = "snooze or wake";
  if (!s.serving) return;
  if (roll(3))
    return happen(
        l, session_attendance::snooze(s, s.serving->agent, now_ + millis{1 + roll(600'000)}, "",
                                      now_, millis{3'600'000}));
  happen(l, session_attendance::wake(s, "agent", s.serving->agent, now_));
}

void transfer_walk::customer_writes(line& l) {
  last_ = "customer writes";
  auto decided = session_machine::send(l.state, customer, {"m", "text", {"\x80"}}, {});
  if (!decided) return;
  happen(l, session_attendance::wake(l.state, "customer", customer, now_));
  happen(l, std::move(*decided));
}

void transfer_walk::owner_writes(line& l) {
  last_ = "the owner writes";
  if (l.state.serving)
    happen(l, session_machine::send(l.state, l.state.serving->agent, {"m", "text", {"\x80"}}, {}));
}

/// Anybody tries to take back any message, whoever has the session by now: only the sender can, in
/// time, and while there.
void transfer_walk::recall(line& l) {
  auto& s = l.state;
  std::vector<session_event> messages;
  session_codec::for_each(l.log, [&](const session_codec::stored_event& stored) {
    auto e = session_codec::decode(stored);
    if (e && std::holds_alternative<event::message>(e->what)) messages.push_back(std::move(*e));
  });
  if (messages.empty()) return;
  auto& m = messages[static_cast<std::size_t>(roll(static_cast<int>(messages.size())))];
  auto& from = std::get<event::message>(m.what).from;
  auto by = roll(2) ? from : roll(2) ? customer : as_agent(any_agent());
  last_ = by.id + " recalls " + std::to_string(m.seq);
  session_machine::limits in_force;
  auto decided = session_machine::recall(s, by, m.seq, from, m.at, now_, in_force);
  bool own = by.role == from.role && by.id == from.id,
       in_time = now_ - m.at <= in_force.recall_window;
  // Whoever served it last, while nobody does, and whoever is asked to take it has to do with it
  // too.
  bool there =
      by.role == "customer" || (s.serving ? s.serving->agent.id : s.last_agent.id) == by.id ||
      (s.offer && s.offer->agent.id == by.id) || participants::ties_of(s, by.id) != tie::nothing;
  if (decided && !own) wrong_ = "taken back by another than the sender";
  if (decided && !in_time) wrong_ = "taken back too late";
  if (decided && !there) wrong_ = "taken back by who has nothing to do with the session";
  bool may = by.role == "customer" || (s.serving && s.serving->agent.id == by.id);
  if (!decided && own && in_time && may && !s.over()) wrong_ = "a sender is refused";
  happen(l, std::move(decided));
}

void transfer_walk::pass_time() {
  now_ += millis{roll(4) ? roll(10'000) : roll(400'000)};
  last_ = "time";
  for (auto& l : sessions_) fire(l);
}

void transfer_walk::fire(line& l) {
  auto& s = l.state;
  if (s.offer && s.offer->expires_at <= now_)
    happen(l, session_machine::end_offer(s, s.offer->offer, "timeout", true));
  if (s.participants && s.participants->snoozed_until && *s.participants->snoozed_until <= now_) {
    happen(l, session_attendance::wake(s, "time", {"system", "", ""}, now_));
  }
  happen(l, session_transfer::expire(s, now_));
}

// ---- what must hold

std::string transfer_walk::check() {
  if (!wrong_.empty()) return wrong_;
  for (auto& l : sessions_) {
    if (auto wrong = check(l); !wrong.empty()) return wrong;
  }
  return check_books();
}

std::string transfer_walk::check(line& l) {
  auto& s = l.state;
  auto waits = s.phase == session_phase::waiting || s.phase == session_phase::offered;
  if (s.opened_at != l.opened_at) return "the age changed";
  if (s.over())
    return s.participants || s.serving ? "somebody is left in a session that is over"
                                       : check_replay(l);
  if ((s.phase == session_phase::active) != s.serving.has_value())
    return "active and served are not the same";
  if (waits && s.dispatch->groups.empty()) return "it waits nowhere";
  if (waits != !s.serving) return "neither an owner nor a place, or both";
  std::set<std::string> there;
  for (std::size_t i = 0; s.participants && i < s.participants->parties.size(); ++i) {
    auto& p = s.participants->parties[i];
    if (!there.insert(p.who.id).second) return p.who.id + " is there twice";
    if (s.serving && s.serving->agent.id == p.who.id) return "the owner has joined too";
    if (!s.serving && holds_room(p.as)) return "an agent has joined what nobody owns";
  }
  if (s.participants && s.participants->parties.size() > session_transfer::most_parties)
    return "too many have joined";
  if (participants::is_snoozed(s) && !s.serving) return "snoozed without an owner";
  if (auto* t = participants::seeking(s)) {
    if (!s.serving) return "somebody is looked for in a session without an owner";
    if (t->offer && participants::find(s, t->offer->agent.id))
      return "who is there is asked to join";
  }
  bool transient = s.participants && s.participants->transfer;
  if (transient && !participants::next_deadline(s)) return "a transient state without a deadline";
  return check_replay(l);
}

/// The record alone gives the same state, and every reader's chain has no gap.
std::string transfer_walk::check_replay(const line& l) {
  session_state back;
  back.id = l.state.id;
  std::uint64_t seq = 0, seen_by[2] = {0, 0};
  std::set<std::uint64_t> messages;
  std::string wrong;
  session_codec::for_each(l.log, [&](const session_codec::stored_event& stored) {
    auto e = session_codec::decode(stored);
    if (!e) return void(wrong = "an event cannot be read");
    if (e->seq != ++seq) wrong = "a seq is missing";
    if (e->customer_prev != seen_by[0] || e->agent_prev != seen_by[1])
      wrong = "a reader's prev is wrong";
    if (may_see(reader::customer, stored.seen_by)) seen_by[0] = e->seq;
    if (may_see(reader::agent, stored.seen_by)) seen_by[1] = e->seq;
    auto* j = std::get_if<event::joined>(&e->what);
    if (j && !is_heard(j->as) && may_see(reader::customer, stored.seen_by))
      wrong = "the customer sees who listens";
    if (std::holds_alternative<event::message>(e->what)) messages.insert(e->seq);
    auto* taken_back = std::get_if<event::recalled>(&e->what);
    if (taken_back && !messages.contains(taken_back->message_seq))
      wrong = "what is taken back is no message";
    apply(back, *e);
  });
  if (!wrong.empty()) return wrong;
  return codec::pack(back) == codec::pack(l.state) ? "" : "the record gives another state";
}

/// An agent's books hold what the sessions' records say and open offers, and never more than there
/// is room for.
std::string transfer_walk::check_books() {
  for (auto& a : agents_) {
    auto& id = a.config().id.value;
    int units = 0;
    std::set<offer_id> offers;
    for (auto& l : sessions_) {
      auto& s = l.state;
      if (s.serving && s.serving->agent.id == id && !participants::is_snoozed(s)) units += s.weight;
      if (auto* p = participants::find(s, id); p && holds_room(p->as)) units += s.weight;
      if (s.offer && s.offer->agent.id == id) units += s.weight, offers.insert(s.offer->offer);
      if (auto* t = participants::seeking(s); t && t->offer && t->offer->agent.id == id)
        units += s.weight, offers.insert(t->offer->offer);
    }
    if (a.used() > a.config().capacity) return id + " has more than there is room for";
    if (a.used() != units)
      return id + " holds " + std::to_string(a.used()) + " where the records say " +
             std::to_string(units);
    for (auto& [offer, r] : a.reservations()) {
      if (!offers.contains(offer)) return id + " is reserved for nothing";
    }
  }
  return {};
}

std::string transfer_walk::run_out() {
  for (int i = 0; i < 4; ++i) {
    now_ += millis{2 * 3'600'000};
    for (auto& l : sessions_) fire(l);
    if (auto wrong = check(); !wrong.empty()) return wrong;
  }
  for (auto& l : sessions_) {
    auto& s = l.state;
    if (s.offer) return "an offer is open for ever";
    if (s.participants && s.participants->transfer) return "a transfer is under way for ever";
    if (participants::is_snoozed(s)) return "snoozed for ever";
  }
  return {};
}

}  // namespace switchboard::test
