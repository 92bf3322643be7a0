#include "actors/session/session_time.hpp"

#include <algorithm>

namespace switchboard::session_time {

timestamp latest_stamp(const session_state& s) {
  // Snapshots of before the latest stamp was kept know only these.
  auto latest = std::max({s.last_at, s.opened_at, s.phase_since, s.last_customer_at,
                          s.last_agent_at, s.unanswered_since});
  if (s.closed_at) latest = std::max(latest, *s.closed_at);
  if (s.serving) latest = std::max(latest, s.serving->since);
  if (s.left) latest = std::max(latest, s.left->claimed_at);
  if (s.participants) {
    for (auto& p : s.participants->parties) latest = std::max(latest, p.since);
    if (s.participants->transfer) latest = std::max(latest, s.participants->transfer->since);
  }
  if (!s.reception) return latest;
  auto& r = *s.reception;
  return std::max({latest, r.unanswered.last, r.waiting.last, r.idle_warned_at, r.silence_told_at,
                   r.rating_asked_at});
}

namespace {

struct shifter {
  millis by;
  void operator()(event::queued& x) const {
    if (x.until) *x.until += by;
  }
  void operator()(event::transferred& x) const {
    if (x.until) *x.until += by;
  }
  void operator()(event::joined& x) const {
    if (x.until) *x.until += by;
  }
  void operator()(event::transfer_started& x) const { x.until += by; }
  void operator()(event::offered& x) const { x.expires_at += by; }
  void operator()(event::join_offered& x) const { x.expires_at += by; }
  void operator()(auto&) const {}
};

}  // namespace

void shift_deadlines(session_payload& what, millis by) {
  std::visit(shifter{by}, what);
}

void cut_to_spans(session_state& s, timestamp now, const session_transfer::limits& l) {
  if (s.dispatch && s.dispatch->step_until) {
    auto& d = *s.dispatch;
    const auto step = static_cast<std::size_t>(d.step);
    const auto wait = step < d.plan.steps.size() ? d.plan.steps[step].wait : millis{0};
    d.step_until = std::min(*d.step_until, now + wait);
  }
  if (!s.participants || !s.participants->transfer) return;
  auto& t = *s.participants->transfer;
  t.until = std::min(t.until, now + (t.joined.empty() ? l.transfer : l.joint));
}

}  // namespace switchboard::session_time
