#include <algorithm>
#include <cstring>
#include <tuple>

#include "actors/skill_group/agent_view.hpp"
#include "runtime/base/error.hpp"
#include "tools/whatif/run_state.hpp"

/// From a free place to somebody served: what groups and agents do, as group_body and agent_body
/// have it.
namespace switchboard::whatif {
namespace {

std::uint32_t slot_in(const session_id& id) {
  std::uint32_t slot = 0;
  std::memcpy(&slot, id.ulid.data() + 12, sizeof slot);
  return slot;
}

}  // namespace

void model_run::pump(std::uint32_t group) {
  auto& dispatcher = groups_[group].dispatcher;
  while (auto m = dispatcher.next_match(now_, rng_)) {
    matched(group, slot_in(m->who.session), agent_index_.at(m->agent));
  }
}

/// A group has chosen, or a freed agent has: the agent must have room, the session must still wait.
void model_run::matched(std::uint32_t group, std::uint32_t slot, std::uint32_t agent) {
  auto& s = sessions_[slot];
  auto& a = agents_[agent];
  auto& dispatcher = groups_[group].dispatcher;
  if (!a.machine.refusal(weights_[s.who.of]).empty()) {
    dispatcher.proposal_failed(s.id, a.machine.config().id, proposal_failure::agent_refused, now_,
                               view_of(agent));
    return touch(group);
  }
  if (s.phase != session_step::waiting) {
    // Another of its groups was faster.
    dispatcher.proposal_failed(s.id, a.machine.config().id, proposal_failure::session_refused,
                               now_);
    return touch(group);
  }
  if (dispatcher.options().offer.accept == config::accept_mode::manual) {
    return ring(slot, group, agent);
  }
  serve(slot, group, agent);
}

void model_run::ring(std::uint32_t slot, std::uint32_t group, std::uint32_t agent) {
  auto& s = sessions_[slot];
  auto& a = agents_[agent];
  const auto& policy = groups_[group].dispatcher.options().offer;
  note_agent(agent);
  const bool reserved =
      a.machine.reserve(offer_id{s.id.text()},
                        {s.id, groups_[group].dispatcher.options().id, weights_[s.who.of], now_});
  SB_INVARIANT(reserved);
  s.phase = session_step::offered;
  s.phase_since = now_;
  s.agent = agent;
  s.group = group;
  ++s.offers;
  tell_groups(agent);
  // What the agent will do is drawn from the session and the number of its offer.
  const auto purpose = static_cast<std::uint64_t>(draw::offers) + 4 * s.offers;
  const auto& h = model_.habits;
  const bool misses = chance(s.who.key, purpose) < h.miss;
  const double after =
      h.accept_after.span_ms(chance(s.who.key, purpose + 2), chance(s.who.key, purpose + 3));
  const auto timeout = policy.timeout.count();
  if (misses || after >= static_cast<double>(timeout)) {
    events_.push(ms(now_) + timeout, event_kind::offer_timeout, slot, s.mark);
  } else {
    events_.push(ms(now_) + static_cast<std::int64_t>(after), event_kind::offer_answer, slot,
                 s.mark);
  }
}

void model_run::answer(std::uint32_t slot, bool accepted) {
  auto& s = sessions_[slot];
  if (!accepted) return offer_failed(slot, false);
  serve(slot, s.group, s.agent);
}

void model_run::offer_failed(std::uint32_t slot, bool missed) {
  auto& s = sessions_[slot];
  const auto agent = s.agent;
  auto& a = agents_[agent];
  note_agent(agent);
  a.machine.release(offer_id{s.id.text()});
  ++(missed ? out_.agents[agent].missed : out_.agents[agent].declined);
  if (missed) {
    const int in_a_row = a.machine.record().missed_in_a_row + 1;
    a.machine.apply_event(agent_event::offer_missed{s.id, in_a_row}, now_);
    const int limit = groups_[s.group].dispatcher.options().offer.missed_limit;
    if (limit > 0 && in_a_row >= limit && a.machine.record().status == agent_status::online) {
      set_presence(agent, agent_status::away, "missed offers");
      events_.push(ms(now_) + model_.habits.back_after.count(), event_kind::back, agent);
    }
  }
  s.phase = session_step::waiting;
  s.phase_since = now_;
  s.state.asked.push_back(a.machine.config().id);
  groups_[s.group].dispatcher.proposal_failed(s.id, a.machine.config().id, proposal_failure::missed,
                                              now_);
  session_effects effects;
  s.dispatch.offer_ended(s.state, session_phase::waiting, known_, now_, effects);
  carry_out(slot, effects);
  freed(agent);
}

void model_run::serve(std::uint32_t slot, std::uint32_t group, std::uint32_t agent) {
  auto& s = sessions_[slot];
  auto& a = agents_[agent];
  const auto& options = groups_[group].dispatcher.options();
  const int weight = weights_[s.who.of];
  note_agent(agent);
  const offer_id offer = s.phase == session_step::offered ? offer_id{s.id.text()} : offer_id{};
  a.machine.serve(offer, s.id, {options.id, weight, now_}, now_);
  SB_INVARIANT(a.machine.used() <= a.machine.config().capacity);
  note_accepted(s, group, agent);
  groups_[group].dispatcher.note_accepted(now_ - s.opened_at, now_);
  groups_[group].dispatcher.proposal_taken(s.id, a.machine.config().id, now_, view_of(agent));
  touch(group);
  session_effects effects;
  s.dispatch.assigned(options.id, effects);
  carry_out(slot, effects);
  s.phase = session_step::active;
  s.agent = agent;
  s.group = group;
  ++s.step_mark;
  --waiting_sessions_;
  tell_groups(agent, group);
  const auto handle = static_cast<std::int64_t>(s.who.handle_ms / a.speed);
  events_.push(ms(now_) + std::max<std::int64_t>(handle, 1), event_kind::service_end, slot);
}

agent_view model_run::view_of(std::uint32_t agent) {
  auto& a = agents_[agent];
  auto view = a.machine.view(++a.rev);
  a.used = view.used;
  a.capacity = view.capacity;
  a.staffed = view.status == agent_status::online || view.status == agent_status::draining;
  a.busy = !a.machine.serving().empty() || !a.machine.record().wrap_ups.empty();
  return view;
}

void model_run::tell_groups(std::uint32_t agent, std::uint32_t but) {
  const auto view = view_of(agent);
  for (auto g : agents_[agent].groups) {
    if (g == but) continue;
    groups_[g].dispatcher.agent_changed(view, now_);
    touch(g);
  }
}

/// The agent asks all its groups for their heads and grants the most urgent, while it has room
/// (I4).
void model_run::freed(std::uint32_t agent) {
  auto& a = agents_[agent];
  tell_groups(agent);
  while (a.machine.status() == agent_status::online && a.machine.room() > 0) {
    std::optional<queue_entry> best;
    std::uint32_t from = 0;
    for (auto g : a.groups) {
      auto head = groups_[g].dispatcher.head_for(a.machine.config().id, now_);
      if (!head) continue;
      if (!best ||
          std::pair(head->urgency(), head->session) < std::pair(best->urgency(), best->session)) {
        best = std::move(head);
        from = g;
      }
    }
    if (!best) return;
    if (!groups_[from].dispatcher.mark_proposed(best->session, a.machine.config().id, now_)) return;
    matched(from, slot_in(best->session), agent);
  }
}

}  // namespace switchboard::whatif
