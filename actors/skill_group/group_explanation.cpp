#include "actors/skill_group/group_explanation.hpp"

#include "actors/session/session_event.hpp"

namespace switchboard {

using codec::packer;

decision_note note_of(const decision& d, timestamp now) {
  decision_note n;
  n.strategy = strategy_name(d.strategy);
  n.winner_key = key_text(d.strategy, d.winner_key, now);
  if (d.runner_up) {
    n.runner_up = *d.runner_up;
    n.runner_up_key = key_text(d.strategy, d.runner_up_key, now);
  }
  n.eligible = static_cast<int>(d.eligible);
  for (auto& r : d.rejected) {
    if (n.passed_over.size() == decision_note::most_rejected) break;
    n.passed_over.push_back({r.agent, std::string(to_string(r.because))});
  }
  return n;
}

decision_note note_of_freed(config::strategy s) {
  decision_note n;
  n.strategy = strategy_name(s);
  n.winner_key = "had become free, and the session was first in line";
  n.eligible = 1;
  return n;
}

void pack_waiter(packer& p, const group_dispatcher& dispatcher, const session_id& session,
                 timestamp now) {
  const auto& o = dispatcher.options();
  const auto e = dispatcher.explain(session, now);
  if (!e) {
    field(field(p.map(2), "group", o.id.value), "standing", "not waiting here");
    return;
  }
  constexpr const char* standings[] = {"waiting", "held for one agent", "being offered"};
  const auto eta = dispatcher.eta(session, now);
  p.map(eta ? 11 : 10);
  field(p, "group", o.id.value);
  field(p, "name", o.name);
  field(p, "standing", standings[static_cast<int>(e->state)]);
  p.str("open").boolean(dispatcher.open());
  field(p, "strategy", strategy_name(o.strategy));
  p.str("position").uinteger(e->position);
  p.str("eligible").array(static_cast<std::uint32_t>(e->eligible.size()));
  for (auto& a : e->eligible) p.str(a.value);
  p.str("eligible_count").uinteger(e->eligible_count);
  p.str("rejected").array(static_cast<std::uint32_t>(e->rejected.size()));
  for (auto& r : e->rejected)
    field(field(p.map(2), "agent", r.agent.value), "clause", to_string(r.because));
  p.str("unblocks").array(static_cast<std::uint32_t>(e->unblocks.size()));
  for (auto& u : e->unblocks) p.str(u);
  if (eta)
    codec::pack_value(p.str("eta"), time_estimate{eta->p50_ms, eta->p90_ms},
                      codec::audience::client);
}

void pack_group(packer& p, const group_dispatcher& dispatcher, std::size_t offers_pending,
                bool with_queue, timestamp now) {
  const auto s = dispatcher.stats(now);
  p.map(with_queue ? 10 : 9);
  field(p, "id", dispatcher.options().id.value);
  field(p, "name", dispatcher.options().name);
  p.str("waiting").uinteger(s.waiting);
  p.str("online").uinteger(s.online);
  p.str("available").uinteger(s.available);
  field(p, "oldest_ms", s.oldest.value_or(millis{0}).count());
  // Nobody came lately: there is no level, neither a good one nor a bad one.
  p.str("service_level");
  s.service_level ? p.real(*s.service_level) : p.nil();
  p.str("open").boolean(dispatcher.open());
  p.str("offers_pending").uinteger(offers_pending);
  if (!with_queue) return;
  const auto first = dispatcher.first_waiting(most_shown);
  p.str("queue").array(static_cast<std::uint32_t>(first.size()));
  for (auto& id : first) p.str(id.text());
}

}  // namespace switchboard
