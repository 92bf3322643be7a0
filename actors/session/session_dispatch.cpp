#include "actors/session/session_dispatch.hpp"

#include <algorithm>
#include <utility>

#include "actors/router/lost_groups.hpp"
#include "actors/session/session_transfer.hpp"

namespace switchboard {

using session_machine::payloads;

namespace {

constexpr millis continued_first{30'000};

/// Plans are made by the configuration of their time.
void by_present_names(step_choice& choice, const roster& known) {
  for (auto& g : choice.groups) g = known.successor(g);
}

}  // namespace

queue_entry queue_entry_of(const session_id& id, timestamp opened_at, timestamp phase_since,
                           int weight, const dispatch_state& d) {
  queue_entry c;
  c.session = id;
  c.opened_at = opened_at;
  c.priority = d.plan.priority;
  const auto n = static_cast<std::size_t>(d.step);
  const auto* step = n < d.plan.steps.size() ? &d.plan.steps[n] : nullptr;
  if (step) c.need = step->need;
  c.need.weight = weight;
  c.sticky = d.plan.sticky;
  if (!c.sticky.empty()) c.sticky_until = phase_since + d.plan.sticky_for;
  // Handed to somebody by name, it is kept for them whether they are free, away or lost their line,
  // until they decline.
  c.owned = session_transfer::is_to_agent(d.plan) &&
            std::ranges::find(d.asked, d.plan.sticky) == d.asked.end();
  if (step && step->owned && d.step_until) {
    c.owned = true;
    c.sticky_until = *d.step_until;
  }
  c.asked = d.asked;
  return c;
}

queue_entry queue_entry_of(const session_state& s) {
  auto c = queue_entry_of(s.id, s.opened_at, s.phase_since, s.weight, *s.dispatch);
  // Who was named has a time of their own first; then it is everybody's of the group.
  if (auto* t = s.participants && s.participants->transfer ? &*s.participants->transfer : nullptr;
      t && t->mode == "cold" && t->to_agent.empty()) {
    c.handed_on_by = agent_id{s.last_agent.id};
    if (std::ranges::find(c.asked, c.handed_on_by) == c.asked.end())
      c.asked.push_back(c.handed_on_by);
  }
  return c;
}

bool rings_elsewhere(const session_state& s, const group_id& group) {
  return s.weight > 1 && s.offer && s.offer->group != group;
}

bool is_by_hand(const routing_plan& p) {
  return p.rule_index < 0 && !p.rule.empty();
}

config::offer_failure meaning_of(const config::dispatch_config& c, const group_id& group,
                                 std::string_view cause) {
  if (cause == "withdrawn" || cause == "restart") return config::offer_failure::ask_again;
  const auto g = std::ranges::find(c.groups, group, &config::group_config::id);
  const auto policy = g == c.groups.end() ? config::offer_policy{} : g->offer;
  if (cause == "timeout") return policy.on_timeout;
  return cause.starts_with("declined") ? policy.on_decline : policy.on_disconnect;
}

// ---- routers

void session_dispatch::ask_router(bool anew, session_effects& out) {
  ++asked_;
  out.push_back(effect::ask_router{anew});
}

void session_dispatch::next_step(int from, session_effects& out) {
  ++asked_;
  out.push_back(effect::choose_step{from});
}

/// The answer that came is out of date: it is planned by the rules that hold now.
bool session_dispatch::plan_again(session_effects& out) {
  if (!std::exchange(replan_, false)) return false;
  ask_router(true, out);
  return true;
}

bool session_dispatch::takes_plan(const session_state& s) const {
  return !replan_ && (s.phase == session_phase::identifying || s.phase == session_phase::waiting);
}

payloads session_dispatch::routed(const session_state& s, routing_plan plan, step_choice first,
                                  const roster& known, timestamp now, session_effects& out) {
  // Identification asks for the first plan in the session's name: that one nobody here counted.
  const bool unasked = asked_ == 0;
  if (!router_answered()) return {};
  if (s.phase != session_phase::identifying && s.phase != session_phase::waiting) return {};
  // Who stands nowhere takes it all the same: the question was forgotten, for it took so long.
  const bool decided = s.dispatch && is_by_hand(s.dispatch->plan) && !standing_.empty();
  if (unasked && decided) return {};
  if (plan_again(out)) return {};
  if (!prefers_.empty() && plan.sticky.empty()) {
    plan.sticky = prefers_;
    if (plan.sticky_for == millis{0}) plan.sticky_for = continued_first;
  }
  by_present_names(first, known);
  if (session_machine::is_nowhere(plan, first)) {
    if (auto back = session_transfer::nowhere_to_wait(s, now); !back.empty()) return back;
  }
  return session_machine::plan(s, std::move(plan), std::move(first), now);
}

payloads session_dispatch::step_chosen(const session_state& s, step_choice choice,
                                       const roster& known, timestamp now, session_effects& out) {
  if (!router_answered()) return {};
  if (s.phase != session_phase::waiting || plan_again(out)) return {};
  auto& d = *s.dispatch;
  if (is_outlived(d.plan, d.step, choice, known.config())) {
    ask_router(true, out);
    return {};
  }
  by_present_names(choice, known);
  if (session_machine::is_nowhere(d.plan, choice)) {
    if (auto back = session_transfer::nowhere_to_wait(s, now); !back.empty()) return back;
  }
  return session_machine::enter_step(s, std::move(choice), now);
}

void session_dispatch::reroute(const session_state& s, session_effects& out) {
  if (s.over() || !s.dispatch || is_by_hand(s.dispatch->plan)) return;
  if (s.phase == session_phase::waiting && !awaits_router()) return ask_router(true, out);
  // Once it is served nobody asks for it: a plan made for a later wait is a new one anyway.
  if (s.phase == session_phase::waiting || s.phase == session_phase::offered) replan_ = true;
}

// ---- queues

void session_dispatch::queued(const dispatch_state& d, bool has_place, const roster& known,
                              session_effects& out) {
  // What a router still answers was asked for the plan before.
  if (is_by_hand(d.plan)) overtaken_ = asked_;
  leave_but(leave_cause::moved_on, d.groups, out);
  const auto before = std::exchange(standing_, group_places(d.groups));
  for (auto& g : d.groups) {
    if (!known.has(g)) {
      standing_.remove(g);
    } else if (has_place || before.holds(g)) {
      // Where it stands already (a widened step), only what its entry says has changed.
      out.push_back(effect::return_to_queue{g});
    } else {
      out.push_back(effect::enter_queue{g, false});
    }
  }
  if (!standing_.empty() || awaits_router()) return;
  // None of the groups is there: merged, removed, or not there yet.
  if (follow_merger(d, session_phase::waiting, known, out)) return;
  if (!lost_groups(d.groups, known.config()).empty()) return ask_router(true, out);
  next_step(d.step + 1, out);
}

void session_dispatch::refused(const dispatch_state& d, session_phase phase, const group_id& group,
                               config::when_full then, session_effects& out) {
  standing_.remove(group);
  if (phase != session_phase::waiting || !standing_.empty() || awaits_router()) return;
  if (then == config::when_full::overflow) return next_step(d.step + 1, out);
  out.push_back(effect::turn_away{then});
}

void session_dispatch::group_gone(const session_state& s, const group_id& group, bool removed,
                                  const roster& known, session_effects& out) {
  if (removed)
    standing_.remove(group);
  else
    standing_.close(group);
  if (s.over() || !s.dispatch) return;
  const bool merged = removed && known.successor(group) != group;
  if (removed && !merged) replan_ = true;
  if (s.phase != session_phase::waiting || awaits_router()) return;
  if (merged && follow_merger(*s.dispatch, s.phase, known, out)) return;
  if (standing_.empty()) find_place(*s.dispatch, s.phase, known, out);
}

/// The step it stands in may have other groups; else the next. Its age stays what it is.
void session_dispatch::find_place(const dispatch_state& d, session_phase phase, const roster& known,
                                  session_effects& out) {
  if (plan_again(out) || follow_merger(d, phase, known, out)) return;
  next_step(d.step, out);
}

/// Whoever waits in a group that was merged waits in the one it was merged into: as long, in the
/// same step, and whatever that queue holds. False where none of its groups was.
bool session_dispatch::follow_merger(const dispatch_state& d, session_phase phase,
                                     const roster& known, session_effects& out) {
  if (phase != session_phase::waiting) return false;
  event::queued q;
  bool merged = false;
  auto& groups = q.choice.groups;
  for (auto& old : d.groups) {
    auto now = known.successor(old);
    merged = merged || now != old;
    if (std::ranges::find(groups, now) == groups.end()) groups.push_back(std::move(now));
  }
  if (!merged) return false;
  // Its places are there already, as far as it is concerned: no queue refuses it.
  for (auto& g : groups) standing_.add(g);
  q.group = groups.front();
  q.choice.step = d.step;
  q.until = d.step_until;
  q.asked = d.asked;
  payloads events;
  events.emplace_back(std::move(q));
  out.push_back(effect::record{std::move(events)});
  return true;
}

void session_dispatch::update_entries(session_effects& out) const {
  standing_.for_each([&](auto& g) { out.push_back(effect::return_to_queue{g}); });
}

void session_dispatch::leave_but(leave_cause cause, const std::vector<group_id>& kept,
                                 session_effects& out) {
  standing_.remove_if([&](auto& g) {
    if (std::ranges::find(kept, g) != kept.end()) return false;
    out.push_back(effect::leave_queue{g, cause});
    return true;
  });
}

void session_dispatch::leave(leave_cause cause, session_effects& out) {
  leave_but(cause, {}, out);
}

// ---- offers

result<payloads> session_dispatch::propose(const session_state& s,
                                           const session_machine::proposal& p, timestamp now) {
  if (!standing_.reopen(p.group) || has_disavowed(p.offer)) {
    return fail(errc::failed_precondition, "the session does not wait for this");
  }
  return session_machine::propose(s, p, now);
}

void session_dispatch::disavow(const offer_id& offer) {
  constexpr std::size_t most = 8;
  if (disavowed_.size() >= most) disavowed_.erase(disavowed_.begin());
  disavowed_.push_back(offer);
}

bool session_dispatch::has_disavowed(const offer_id& offer) const {
  return std::ranges::find(disavowed_, offer) != disavowed_.end();
}

void session_dispatch::offered(const group_id& by, int weight, session_effects& out) const {
  if (weight <= 1) return;
  standing_.for_each([&](auto& g) {
    if (g != by) out.push_back(effect::return_to_queue{g});
  });
}

void session_dispatch::offer_ended(const dispatch_state& d, session_phase phase,
                                   const roster& known, timestamp now, session_effects& out) {
  if (!replan_ && d.step_until && *d.step_until <= now) {
    // Its step ran out during the offer: its groups keep its place and leave it alone until they
    // hear of it.
    if (!awaits_router()) next_step(d.step + 1, out);
    return;
  }
  update_entries(out);
  if (awaits_router()) return;
  if (replan_ || standing_.empty())
    find_place(d, phase, known, out);
  else
    follow_merger(d, phase, known, out);
}

void session_dispatch::assigned(const group_id& group, session_effects& out) {
  standing_.for_each([&](auto& g) {
    out.push_back(effect::leave_queue{
        g, g == group ? leave_cause::accepted : leave_cause::accepted_elsewhere});
  });
  standing_.clear();
  replan_ = false;
  told_position_ = true;
}

// ---- time

void session_dispatch::wake(session_phase phase, const dispatch_state& d, const timing& t,
                            session_effects& out) {
  if (phase != session_phase::waiting) return;
  if (t.touched + t.patience <= t.now) {
    asked_ = overtaken_ = 0;
    if (standing_.empty()) return ask_router(true, out);
  }
  if (!awaits_router() && d.step_until && *d.step_until <= t.now) next_step(d.step + 1, out);
  if (!t.watched || position_due_ > t.now) return;
  position_due_ = t.now + t.position_every;
  for (auto& g : standing_.open()) out.push_back(effect::ask_position{g});
}

std::optional<timestamp> session_dispatch::deadline(const session_state& s, const timing& t) const {
  if (s.phase != session_phase::waiting || !s.dispatch) return {};
  auto first = s.dispatch->step_until;
  auto earlier = [&](timestamp at) { first = first ? std::min(*first, at) : at; };
  if (awaits_router()) earlier(t.touched + t.patience);
  if (t.watched) earlier(position_due_);
  return first;
}

// ---- a restart

void session_dispatch::resume(const dispatch_state& d, const roster& known, session_effects& out) {
  for (auto& g : d.groups) {
    auto now_named = known.successor(g);
    if (known.has(now_named)) standing_.add(std::move(now_named));
  }
  standing_.for_each([&](auto& g) { out.push_back(effect::enter_queue{g, true}); });
}

void session_dispatch::find_place_if_none(session_effects& out) {
  if (standing_.empty() && !awaits_router()) ask_router(true, out);
}

}  // namespace switchboard
