#include "actors/session/session_machine.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard::session_machine {
namespace {

bool serves(const session_state& s, const participant& p) {
  return s.serving && s.serving->agent.id == p.id;
}

result<void> must_live(const session_state& s) {
  if (!s.over()) return {};
  return fail(errc::failed_precondition, "the session is over: " + std::string(to_string(s.phase)));
}

// Whoever writes into a session: its customer, the system, its serving agent, or a supervisor.
result<void> may_write(const session_state& s, const participant& by) {
  if (auto alive = must_live(s); !alive) return alive;
  if (by.role != "agent" || serves(s, by)) return {};
  if (auto* p = participants::find(s, by.id); p && is_heard(p->as)) return {};
  return fail(errc::permission_denied, s.serving ? "the session is served by " + s.serving->agent.id
                                                 : "you do not serve this session");
}

// An initializer list would copy the event, texts and all.
template <class Event> payloads just(Event&& e) {
  payloads out;
  out.emplace_back(std::forward<Event>(e));
  return out;
}

/// The rules' part of a decision: which version and step it was made under.
decision_note stamped(decision_note n, const session_state& s) {
  if (!s.dispatch) return n;
  n.rules_version = s.dispatch->plan.rules_version;
  n.rule = s.dispatch->plan.rule;
  n.step = s.dispatch->step;
  n.priority = s.dispatch->plan.priority;
  return n;
}

/// The group that would have served it keeps what it wrote: where it waited last, else where its
/// plan begins.
payloads left_with_nobody(const session_state& s, const routing_plan& plan) {
  event::message_left m;
  if (s.dispatch && !s.dispatch->groups.empty()) m.group = s.dispatch->groups.front();
  for (auto& step : plan.steps) {
    if (m.group.empty() && !step.groups.empty()) m.group = step.groups.front();
  }
  m.channel = s.channel;
  m.customer = s.customer;
  m.customer_name = s.customer_name;
  m.language = s.language;
  if (s.dispatch) m.subject = s.dispatch->request.subject;
  return {std::move(m), event::closed{"nobody_there", {}, "left_message"}};
}

step_choice without_reasons(step_choice c) {
  c.why.resize(std::min<std::size_t>(c.why.size(), 8));
  return c;
}

}  // namespace

payloads open(const consultation_request& r, std::optional<session_id> continues, int weight,
              std::string language) {
  event::opened o;
  o.channel = r.channel;
  o.customer = r.customer;
  o.entry = r.entry;
  o.intent = r.intent;
  o.subject = r.subject;
  o.continues = continues;
  o.request = r;
  o.request.message.reset();
  o.weight = weight;
  o.language = std::move(language);
  auto out = just(std::move(o));
  if (r.message) {
    out.push_back(event::message{0,
                                 {"customer", r.customer.id, r.customer.name},
                                 r.message->type,
                                 r.message->body,
                                 r.message->client_msg_id});
  }
  return out;
}

payloads request(const consultation_request& r, bool with_message) {
  payloads out{event::requested{r.request_id, r.entry, r.intent, r.subject}};
  if (r.message && with_message) {
    out.push_back(event::message{0,
                                 {"customer", r.customer.id, r.customer.name},
                                 r.message->type,
                                 r.message->body,
                                 r.message->client_msg_id});
  }
  return out;
}

payloads identified(findings found, bool late) {
  event::identified e;
  e.member = found.member;
  e.degraded = found.degraded;
  e.found = std::move(found);
  e.late = late;
  return just(std::move(e));
}

bool is_nowhere(const routing_plan& p, const step_choice& choice) {
  const auto step = static_cast<std::size_t>(choice.step);
  return step >= p.steps.size() || p.steps[step].leave_message || choice.groups.empty();
}

payloads enter_step(const session_state& s, step_choice choice, timestamp now) {
  auto& steps = s.dispatch->plan.steps;
  auto step = static_cast<std::size_t>(choice.step);
  if (is_nowhere(s.dispatch->plan, choice)) return left_with_nobody(s, s.dispatch->plan);
  event::queued q;
  q.group = choice.groups.front();
  q.choice = without_reasons(std::move(choice));
  if (steps[step].wait > millis{0}) q.until = now + steps[step].wait;
  return just(std::move(q));
}

payloads plan(const session_state& s, routing_plan p, step_choice choice, timestamp now) {
  // enter_step reads the plan from the state, which the first event has not changed yet: judge by
  // the plan at hand.
  auto step = static_cast<std::size_t>(choice.step);
  if (s.dispatch && s.dispatch->bumped != 0) p.priority = std::max(p.priority, s.dispatch->bumped);
  const bool ends = is_nowhere(p, choice);
  payloads out;
  millis wait = ends ? millis{0} : p.steps[step].wait;
  auto end = ends ? left_with_nobody(s, p) : payloads{};
  out.push_back(event::planned{std::move(p)});
  if (ends) {
    std::ranges::move(end, std::back_inserter(out));
  } else {
    event::queued q;
    q.group = choice.groups.front();
    q.choice = without_reasons(std::move(choice));
    if (wait > millis{0}) q.until = now + wait;
    out.push_back(std::move(q));
  }
  return out;
}

result<payloads> propose(const session_state& s, const proposal& p, timestamp now) {
  if (s.phase != session_phase::waiting) {
    return fail(errc::failed_precondition, "the session is " + std::string(to_string(s.phase)));
  }
  // Who had it and gets it back is not asked again.
  bool returns = s.participants && s.participants->returns_to.value == p.agent.id;
  if (p.automatic || returns)
    return just(event::assigned{p.agent, p.group, p.offer, p.why, stamped(p.decision, s)});
  payloads out;
  if (p.new_round && s.dispatch && !s.dispatch->asked.empty())
    out.push_back(event::round_restarted{});
  out.push_back(
      event::offered{p.agent, p.group, p.offer, now + p.timeout, p.why, stamped(p.decision, s)});
  return out;
}

result<payloads> accept(const session_state& s, const offer_id& offer, const agent_id& agent,
                        timestamp now) {
  if (s.offer && s.offer->offer == offer && s.offer->agent.id == agent.value) {
    if (s.offer->expires_at < now)
      return fail(errc::failed_precondition, "the offer has timed out");
    return payloads{event::assigned{s.offer->agent, s.offer->group, offer,
                                    s.dispatch ? s.dispatch->last_why : "", stamped({}, s)}};
  }
  if (s.serving) {
    return fail(errc::failed_precondition, "the session is served by " + s.serving->agent.id);
  }
  return fail(errc::failed_precondition, "the offer is over");
}

payloads end_offer(const session_state& s, const offer_id& offer, std::string cause, bool exclude) {
  if (!s.offer || s.offer->offer != offer) return {};
  return {event::offer_ended{offer, agent_id{s.offer->agent.id}, std::move(cause), exclude}};
}

payloads agent_lost(const session_state& s, const agent_id& agent, std::string reason) {
  if (!s.serving || s.serving->agent.id != agent.value) return {};
  auto& d = *s.dispatch;
  payloads out{event::left{s.serving->agent, std::move(reason)}};
  event::queued q;
  q.group = s.serving->group;
  q.choice.step = d.step;
  q.choice.groups = d.groups.empty() ? std::vector{s.serving->group} : d.groups;
  q.until = {};
  out.push_back(std::move(q));
  return out;
}

result<payloads> send(const session_state& s, const participant& from, const message_content& m,
                      const limits& l) {
  // Nobody was there; what the customer says until somebody answers is part of the message left.
  const bool adds = s.left && s.left->outcome.empty() && from.role == "customer";
  if (auto may = may_write(s, from); !may && !adds) return tl::unexpected(may.error());
  if (s.seq >= l.events)
    return fail(errc::resource_exhausted, "the session holds as many events as it may");
  return just(event::message{0, from, m.type, m.body, m.client_msg_id});
}

result<payloads> recall(const session_state& s, const participant& by, std::uint64_t message_seq,
                        const participant& sent_by, timestamp sent_at, timestamp now,
                        const limits& l) {
  if (auto may = may_touch(s, by); !may) return tl::unexpected(may.error());
  bool may_any = l.recall_any_time && sent_by.role != "customer";
  if (!may_any && (sent_by.role != by.role || sent_by.id != by.id)) {
    return fail(errc::permission_denied, "only the sender may recall a message", "message_seq");
  }
  if (!may_any && now - sent_at > l.recall_window) {
    return tl::unexpected(
        error{errc::failed_precondition,
              "the message is older than " + std::to_string(l.recall_window.count() / 1000) + " s",
              "message_seq",
              {},
              0,
              l.recall_rule});
  }
  return payloads{event::recalled{message_seq, by, {}, {}}};
}

result<payloads> read(const session_state& s, const participant& by, std::uint64_t message_seq) {
  if (auto may = may_touch(s, by); !may) return tl::unexpected(may.error());
  if (message_seq > s.seq) {
    return fail(errc::invalid_argument,
                "message_seq: the session has only " + std::to_string(s.seq), "message_seq");
  }
  auto mark = by.role == "customer" ? s.read_by_customer : s.read_by_agent;
  if (message_seq <= mark) return payloads{};
  return payloads{event::read{message_seq, by, {}}};
}

result<payloads> note(const session_state& s, const participant& by, codec::packed_value body) {
  if (auto may = may_touch(s, by); !may) return tl::unexpected(may.error());
  return payloads{event::note{by, std::move(body)}};
}

result<payloads> tag(const session_state& s, const participant& by, std::vector<std::string> add,
                     std::vector<std::string> remove) {
  if (auto may = may_touch(s, by); !may) return tl::unexpected(may.error());
  if (s.tags.size() + add.size() > 64)
    return fail(errc::resource_exhausted, "add: a session has at most 64 tags", "add");
  return payloads{event::tagged{by, std::move(add), std::move(remove)}};
}

result<payloads> rate(const session_state& s, int score, std::string comment) {
  if (s.rating == score) return payloads{};
  if (s.rating != 0) return fail(errc::already_exists, "the session is rated already");
  if (s.serving == std::nullopt && s.last_agent.id.empty()) {
    return fail(errc::failed_precondition, "nobody has served this session");
  }
  return payloads{event::rated{score, std::move(comment)}};
}

result<payloads> wrap_up(const session_state& s, const participant& by, std::string summary,
                         std::string disposition) {
  if (auto may = may_touch(s, by); !may) return tl::unexpected(may.error());
  if (!s.over()) return fail(errc::failed_precondition, "the session is not over");
  return payloads{event::wrapped_up{by, std::move(summary), std::move(disposition)}};
}

result<payloads> close(const session_state& s, const participant& by, std::string reason) {
  if (s.over()) return payloads{};
  if (auto may = may_write(s, by); !may) return tl::unexpected(may.error());
  bool served = s.serving || !s.last_agent.id.empty();
  return just(event::closed{std::move(reason), by, served ? "closed" : "abandoned"});
}

result<payloads> transfer(const session_state& s, event::transferred how, routing_plan p,
                          step_choice choice, timestamp now) {
  if (auto may = may_write(s, how.by); !may) return tl::unexpected(may.error());
  if (!s.serving) return fail(errc::failed_precondition, "nobody serves the session");
  payloads out{std::move(how)};
  auto rest = plan(s, std::move(p), std::move(choice), now);
  out.insert(out.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  return out;
}

payloads leave_message(const session_state& s, std::string reason) {
  auto out = left_with_nobody(s, s.dispatch->plan);
  std::get<event::closed>(out.back()).reason = std::move(reason);
  return out;
}

result<payloads> bump(const session_state& s, const participant& by, int priority,
                      std::string reason) {
  if (s.phase != session_phase::waiting || !s.dispatch) {
    return fail(errc::failed_precondition,
                "the session does not wait: " + std::string(to_string(s.phase)), "session_id");
  }
  if (s.dispatch->plan.priority >= priority) {
    return fail(errc::failed_precondition,
                "priority: it has " + std::to_string(s.dispatch->plan.priority) + " already",
                "priority");
  }
  return payloads{event::bumped{priority, by, std::move(reason)}};
}

result<void> may_touch(const session_state& s, const participant& by) {
  if (by.role != "agent" || serves(s, by)) return {};
  if (s.last_agent.id == by.id && (s.over() || !s.serving)) return {};
  if (s.offer && s.offer->agent.id == by.id) return {};
  if (s.left && s.left->claimed_by.id == by.id) return {};
  if (participants::ties_of(s, by.id) != tie::nothing) return {};
  return fail(errc::permission_denied, "you do not serve this session");
}

}  // namespace switchboard::session_machine
