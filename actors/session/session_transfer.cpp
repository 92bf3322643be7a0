#include "actors/session/session_transfer.hpp"

#include <algorithm>

namespace switchboard::session_transfer {
namespace {

const participant by_itself{"system", "", ""};

tl::unexpected<error> over(const session_state& s, const std::string& what) {
  return fail(errc::failed_precondition,
              s.serving && !s.serving->agent.id.empty()
                  ? what + "; the session is served by " + s.serving->agent.id
                  : what);
}

const open_transfer* find(const session_state& s, const transfer_id& id) {
  auto* t = s.participants && s.participants->transfer ? &*s.participants->transfer : nullptr;
  return t && t->id == id ? t : nullptr;
}

presence presence_of(const std::string& mode) {
  return mode == "warm"      ? presence::warm
         : mode == "consult" ? presence::consult
                             : presence::conference;
}

void append(payloads& to, payloads more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

event::joined join(const open_transfer& t, const participant& who, const group_id& group,
                   const offer_id& offer, timestamp now, const limits& l) {
  event::joined j;
  j.who = who;
  j.as = presence_of(t.mode);
  j.how = std::string(to_string(j.as));
  j.group = group;
  j.transfer = t.id;
  if (j.as != presence::conference) j.until = now + l.joint;
  j.offer = offer;
  return j;
}

/// The owner hands over to somebody who holds room already.
payloads hand_over(const open_transfer& t, const party& to, const participant& by,
                   std::string why) {
  event::transferred x;
  x.transfer = t.id;
  x.by = by;
  x.mode = t.mode;
  x.to_agent = to.who.id;
  return {std::move(x), event::assigned{to.who, to.group, {}, std::move(why)}};
}

/// Of those who would take over if the owner were gone: who has joined warm, else the agent longest
/// in the conference.
const party* successor(const session_state& s) {
  if (!s.participants) return nullptr;
  const party* first = nullptr;
  for (auto& p : s.participants->parties) {
    if (p.as == presence::warm) return &p;
    if (p.as == presence::conference && (!first || p.since < first->since)) first = &p;
  }
  return first;
}

payloads end_search(const session_state& s, const std::string& cause, const participant& by) {
  payloads out;
  auto& c = s.participants;
  if (!c || !c->transfer) return out;
  auto& t = *c->transfer;
  if (t.offer)
    out.push_back(
        event::join_offer_ended{t.offer->offer, agent_id{t.offer->agent.id}, "withdrawn", false});
  if (auto* p = t.joined.empty() ? nullptr : participants::find(s, t.joined.value))
    out.push_back(event::parted{p->who, p->as, cause});
  out.push_back(event::transfer_ended{t.id, cause, by, {}});
  return out;
}

payloads take_back(const session_state& s, const open_transfer& t, std::string cause,
                   const participant& by, timestamp now) {
  payloads out;
  if (s.offer)
    out.push_back(
        event::offer_ended{s.offer->offer, agent_id{s.offer->agent.id}, "withdrawn", false});
  out.push_back(event::transfer_ended{t.id, std::move(cause), by, agent_id{s.last_agent.id}});
  append(out, come_back(s, s.last_agent, s.last_group, now));
  return out;
}

}  // namespace

bool is_to_agent(const routing_plan& plan) {
  return plan.rule_index < 0 && plan.rule == "transfer" && !plan.sticky.empty();
}

result<void> may_begin(const session_state& s, const wish& w) {
  if (s.over())
    return fail(errc::failed_precondition,
                "the session is over: " + std::string(to_string(s.phase)));
  if (!s.serving) return fail(errc::failed_precondition, "nobody serves the session");
  bool cold = w.mode == "cold";
  if (!cold && w.mode != "warm" && w.mode != "consult" && w.mode != "conference") {
    return fail(errc::invalid_argument, "mode: expected cold, warm, consult or conference", "mode");
  }
  if (w.to_agent == s.serving->agent.id) {
    return fail(
        errc::invalid_argument,
        "to.agent: " + (w.by.id == w.to_agent ? "that is you" : w.to_agent + " serves it already"),
        "to.agent");
  }
  if (s.participants && s.participants->transfer)
    return fail(errc::aborted, "another transfer is under way");
  if (cold) return {};
  if (participants::is_snoozed(s)) return fail(errc::failed_precondition, "the session is snoozed");
  if (!w.to_agent.empty() && participants::find(s, w.to_agent)) {
    return fail(errc::failed_precondition, "to.agent: " + w.to_agent + " is in the session already",
                "to.agent");
  }
  if (s.participants && s.participants->parties.size() >= most_parties) {
    return fail(errc::resource_exhausted,
                "as many have joined as may: " + std::to_string(most_parties));
  }
  return {};
}

result<payloads> begin(const session_state& s, wish w, routing_plan plan, step_choice choice,
                       timestamp now, const limits& l) {
  if (auto may = may_begin(s, w); !may) return tl::unexpected(may.error());
  if (w.mode != "cold") {
    event::transfer_started x{
        w.id,       w.by,   w.mode,           w.to_group,      w.to_agent,
        w.by_rules, w.note, now + l.transfer, std::move(plan), std::move(choice)};
    return payloads{std::move(x)};
  }
  if (auto* p = participants::find(s, w.to_agent); p && holds_room(p->as)) {
    open_transfer t;
    t.id = w.id;
    t.mode = w.mode;
    return hand_over(t, *p, w.by, "handed over to who had joined");
  }
  auto out = let_go(s, "transferred");
  if (!w.note.empty()) {
    codec::packer body;
    field(body.map(1), "text", w.note);
    out.push_back(
        event::note{w.by, {body.take()}});  // whoever comes next reads it; the customer does not
  }
  event::transferred how{w.id,       w.by,       w.mode, w.to_group,
                         w.to_agent, w.by_rules, w.note, now + l.transfer};
  auto rest = session_machine::transfer(s, std::move(how), std::move(plan), std::move(choice), now);
  if (!rest) return rest;
  // Who has just handed it on is not asked first again, should it be in the group it goes to.
  for (auto& what : *rest) {
    if (auto* q = std::get_if<event::queued>(&what)) q->asked = {agent_id{s.serving->agent.id}};
  }
  append(out, std::move(*rest));
  return out;
}

result<payloads> propose(const session_state& s, const session_machine::proposal& p, timestamp now,
                         const limits& l) {
  auto* t = participants::seeking(s);
  if (!t || !s.serving)
    return fail(errc::failed_precondition, "nobody is asked to join the session");
  if (t->offer) return fail(errc::failed_precondition, "somebody is asked to join already");
  if (s.serving->agent.id == p.agent.id || participants::find(s, p.agent.id)) {
    return fail(errc::failed_precondition, p.agent.id + " is in the session already");
  }
  if (!t->to_agent.empty() && t->to_agent != p.agent.id)
    return fail(errc::failed_precondition, "another agent is asked to join");
  if (p.automatic) return payloads{join(*t, p.agent, p.group, p.offer, now, l)};
  return payloads{event::join_offered{t->id, p.agent, p.group, p.offer, now + p.timeout, p.why}};
}

result<payloads> accept(const session_state& s, const offer_id& offer, const agent_id& agent,
                        timestamp now, const limits& l) {
  auto* t = participants::seeking(s);
  if (!t || !t->offer || t->offer->offer != offer || t->offer->agent.id != agent.value) {
    return fail(errc::failed_precondition, "the offer is over");
  }
  if (t->offer->expires_at < now) return fail(errc::failed_precondition, "the offer has timed out");
  return payloads{join(*t, t->offer->agent, t->offer->group, offer, now, l)};
}

payloads end_offer(const session_state& s, const offer_id& offer, std::string cause, bool exclude) {
  auto* t = participants::seeking(s);
  if (!t || !t->offer || t->offer->offer != offer) return {};
  payloads out{event::join_offer_ended{offer, agent_id{t->offer->agent.id}, cause, exclude}};
  // The one who was asked by name will not: nobody else is asked.
  if (!t->to_agent.empty())
    out.push_back(event::transfer_ended{t->id, std::move(cause), t->offer->agent, {}});
  return out;
}

result<payloads> cancel(const session_state& s, const participant& by, const transfer_id& id,
                        timestamp now) {
  auto* t = find(s, id);
  if (!t) return over(s, "the transfer is over");
  if (by.role == "agent" && t->by.id != by.id) {
    return fail(errc::permission_denied, "the transfer is " + t->by.id + "'s");
  }
  if (t->mode != "cold") return end_search(s, "cancelled", by);
  return take_back(s, *t, "cancelled", by, now);
}

payloads nowhere_to_wait(const session_state& s, timestamp now) {
  const auto* t = s.participants && s.participants->transfer ? &*s.participants->transfer : nullptr;
  if (!t || t->mode != "cold" || s.last_agent.id.empty()) return {};
  return take_back(s, *t, "nobody_there", by_itself, now);
}

payloads nobody_to_ask(const session_state& s) {
  return participants::seeking(s) ? end_search(s, "closed", by_itself) : payloads{};
}

result<payloads> complete(const session_state& s, const participant& by, const transfer_id& id) {
  auto* t = find(s, id);
  if (!t) return over(s, "the transfer is over");
  if (t->mode == "cold")
    return fail(errc::failed_precondition, "a cold transfer is completed by who accepts it");
  auto* p = participants::find(s, t->joined.value);
  if (t->joined.empty() || !p) return fail(errc::failed_precondition, "nobody has joined yet");
  return hand_over(*t, *p, by, t->mode + " transfer completed");
}

payloads expire(const session_state& s, timestamp now) {
  if (!s.participants || !s.participants->transfer) return {};
  auto& t = *s.participants->transfer;
  if (t.until > now) {
    return t.offer && t.offer->expires_at <= now ? end_offer(s, t.offer->offer, "timeout", true)
                                                 : payloads{};
  }
  if (t.mode == "cold") return take_back(s, t, "timeout", by_itself, now);
  auto* p = participants::find(s, t.joined.value);
  if (p && t.mode == "warm")
    return hand_over(t, *p, by_itself, "warm transfer completed at its limit");
  return end_search(s, "timeout", by_itself);
}

payloads owner_lost(const session_state& s, const agent_id& agent, std::string reason,
                    timestamp now) {
  if (!s.serving || s.serving->agent.id != agent.value) return {};
  if (!s.participants) return session_machine::agent_lost(s, agent, std::move(reason));
  if (participants::is_snoozed(s)) return {};
  if (auto* p = successor(s)) {
    payloads out;
    if (s.participants->transfer && s.participants->transfer->joined.value != p->who.id)
      out = end_search(s, "owner_lost", by_itself);
    out.push_back(event::left{s.serving->agent, std::move(reason)});
    out.push_back(event::assigned{p->who, p->group, {}, "took over from " + s.serving->agent.id});
    return out;
  }
  auto* t = participants::seeking(s);
  auto out = let_go(s, "owner_lost");
  if (!t || t->mode != "warm") {
    append(out, session_machine::agent_lost(s, agent, std::move(reason)));
    return out;
  }
  // The owner wanted it there: it goes on as if it had been handed on cold.
  step_choice choice;
  choice.groups = t->groups;
  auto rest = session_machine::plan(s, t->plan, std::move(choice), now);
  out.push_back(event::left{s.serving->agent, std::move(reason)});
  append(out, std::move(rest));
  return out;
}

payloads guest_lost(const session_state& s, const agent_id& agent, std::string reason) {
  if (!s.participants) return {};
  auto& t = s.participants->transfer;
  if (t && t->offer && t->offer->agent.id == agent.value)
    return end_offer(s, t->offer->offer, std::move(reason), true);
  auto* p = participants::find(s, agent.value);
  if (!p) return {};
  if (t && t->joined == agent) {
    payloads out{event::parted{p->who, p->as, reason}};
    out.push_back(event::transfer_ended{t->id, "left", p->who, {}});
    return out;
  }
  return {event::parted{p->who, p->as, std::move(reason)}};
}

payloads let_go(const session_state& s, const std::string& why) {
  if (!s.participants) return {};
  auto out = end_search(s, why, by_itself);
  for (auto& p : s.participants->parties) {
    bool gone = s.participants->transfer && s.participants->transfer->joined.value == p.who.id;
    if (holds_room(p.as) && !gone) out.push_back(event::parted{p.who, p.as, why});
  }
  return out;
}

payloads come_back(const session_state& s, const participant& last, const group_id& group,
                   timestamp now) {
  routing_plan p;
  auto& before = s.dispatch->plan;
  p.rules_version = before.rules_version;
  p.rule = "returned";
  p.priority = before.priority;
  p.sticky = agent_id{last.id};
  p.sticky_for = return_first;
  p.steps.push_back({.groups = {group}, .need = {{}, s.weight}});
  p.why = {"came back to " + last.id + ", who has " + std::to_string(return_first.count() / 1000) +
           "s before the others of " + group.value};
  step_choice choice;
  choice.groups = {group};
  return session_machine::plan(s, std::move(p), std::move(choice), now);
}

}  // namespace switchboard::session_transfer
