#include <algorithm>

#include "actors/router/lost_groups.hpp"
#include "actors/session/session_body.hpp"

/// A session whose place, or whose rules, change under it.
namespace switchboard {

namespace {

/// A person decided where it goes: rules do not decide otherwise afterwards.
bool by_hand(const routing_plan& p) {
  return p.rule_index < 0 && !p.rule.empty();
}

}  // namespace

void session_body::on_queue_gone(const queue_gone& m) {
  probe_.note(now());
  m.removed ? standing_in_.remove(m.group) : standing_in_.close(m.group);
  if (s_.over() || !s_.dispatch) return;
  search_lost(m.group, m.removed);
  const bool merged = m.removed && successor_of(m.group) != m.group;
  route_anew_ = route_anew_ || (m.removed && !merged);
  if (merged && s_.phase == session_phase::waiting && !routing_ && follow_merger()) return;
  if (s_.phase == session_phase::waiting && standing_in_.empty() && !routing_) find_place();
}

/// The step it stands in may have other groups; else the next. Its age stays what it is.
void session_body::find_place() {
  if (std::exchange(route_anew_, false)) return ask_router(true);
  if (!follow_merger()) ask_next_step(s_.dispatch->step);
}

/// None of the groups of the step it has just entered is there: merged, no more, or not yet.
void session_body::nowhere_to_wait(int step) {
  if (follow_merger()) return;
  if (!lost_groups(s_.dispatch->groups, *services_.config()).empty()) return ask_router(true);
  ask_next_step(step + 1);
}

/// The group of that id, or the one it was merged into; the id itself where there is neither.
group_id session_body::successor_of(const group_id& id) const {
  if (directory().find_group(id)) return id;
  const auto* now = config::group_now(*services_.config(), id);
  return now ? now->id : id;
}

/// Whoever waits in a group that was merged waits in the one it was merged into: as long, in the same
/// step, and whatever that queue holds. False where none of its groups was.
bool session_body::follow_merger() {
  if (s_.phase != session_phase::waiting) return false;
  auto& d = *s_.dispatch;
  event::queued q;
  bool merged = false;
  for (auto& old : d.groups) {
    auto now = successor_of(old);
    merged = merged || now != old;
    auto& groups = q.choice.groups;
    if (std::ranges::find(groups, now) == groups.end()) groups.push_back(std::move(now));
  }
  if (!merged) return false;
  q.group = q.choice.groups.front();
  q.choice.step = d.step;
  q.until = d.step_until;
  q.asked = d.asked;
  keeps_place_ = true;
  commit({std::move(q)});
  keeps_place_ = false;
  return true;
}

void session_body::on_reroute(const reroute&) {
  probe_.note(now());
  if (s_.over() || !s_.dispatch || by_hand(s_.dispatch->plan)) return;
  if (s_.phase == session_phase::waiting && !routing_) return ask_router(true);
  // Served by then, it is not asked for any more: a plan made for a later wait is a new one anyway.
  if (s_.phase == session_phase::waiting || s_.phase == session_phase::offered) route_anew_ = true;
}

void session_body::on_ask_dispatch(const ask_dispatch& m) {
  dispatch_is out;
  out.ticket = m.ticket;
  out.session = s_.id;
  const bool waits = s_.phase == session_phase::waiting || s_.phase == session_phase::offered;
  if (waits && s_.dispatch && !by_hand(s_.dispatch->plan)) {
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

/// A shift leader takes it from the agent who serves it. Without a group or an agent the rules
/// decide.
void session_body::call_move(session_call& m) {
  if (!s_.serving || !s_.dispatch) {
    return m.reply.fail(
        services_.journal.last(),
        error{errc::failed_precondition, "nobody serves the session", "session_id", {}, 0});
  }
  m.mode = "cold";
  m.by_rules = m.to_group.empty() && m.to_agent.empty();
  call_transfer(m, {});
}

}  // namespace switchboard
