#include <algorithm>
#include <cstring>

#include "tools/whatif/run_state.hpp"

/// A session from its opening to its end. What it does about its place in queues is decided by
/// session_dispatch, as in the daemon.
namespace switchboard::whatif {
namespace {

/// As the daemon's groups report to its routers.
constexpr millis report_every{100};

}  // namespace

std::uint32_t model_run::take_slot() {
  if (!free_slots_.empty()) {
    const auto slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
  }
  if (sessions_.size() >= options_.most_open) {
    throw too_many_sessions("more than " + std::to_string(options_.most_open) +
                            " sessions are open at once " + std::to_string(ms(now_) / 60'000) +
                            " minutes after the start: give patience, or more agents");
  }
  sessions_.emplace_back();
  return static_cast<std::uint32_t>(sessions_.size() - 1);
}

/// The number makes ids rise in the order of arrival; the slot finds the session again.
session_id model_run::id_for(std::uint32_t slot) const {
  session_id id;
  const auto at = static_cast<std::uint64_t>(unix_ms(now_));
  const auto number = out_.simulated;
  for (int i = 0; i < 6; ++i) {
    const auto byte = static_cast<std::size_t>(i);
    id.ulid[byte] = static_cast<std::uint8_t>(at >> (40 - 8 * i));
    id.ulid[byte + 6] = static_cast<std::uint8_t>(number >> (40 - 8 * i));
  }
  std::memcpy(id.ulid.data() + 12, &slot, sizeof slot);
  return id;
}

void model_run::open(const arrival& a) {
  const auto slot = take_slot();
  auto& s = sessions_[slot];
  s.id = id_for(slot);
  s.who = a;
  s.number = out_.simulated++;
  s.counts = a.at_ms >= out_.warm_up_ms;
  s.told = false;
  s.offers = 0;
  s.opened_at = s.phase_since = now_;
  s.phase = session_step::waiting;
  s.state.asked.clear();
  s.dispatch = session_dispatch();
  ++waiting_sessions_;
  if (s.counts) {
    ++out_.all.opened;
    ++out_.classes[a.of].sessions.opened;
  }
  find_out(s);
  auto made = model_.rules->plan(input_of(s), board(), now_);
  s.state.plan = std::move(made.plan);
  enter_step(slot, std::move(made.first));
  settle();
  if (s.phase == session_step::waiting) tell_estimate(slot);
  const bool waits = s.phase == session_step::waiting || s.phase == session_step::offered;
  if (waits && a.patience_ms >= 0) {
    const auto patience = std::min(a.patience_ms, 1e12);
    events_.push(a.at_ms + static_cast<std::int64_t>(patience), event_kind::patience_end, slot,
                 s.mark);
  }
}

/// What identification would find.
void model_run::find_out(live_session& s) {
  const auto& c = model_.requests[s.who.of];
  auto& f = s.found;
  const auto key = s.who.key;
  f.source = sources_[s.who.of];
  f.member.reset();
  if (!c.levels.empty()) {
    double left = chance(key, draw::level);
    const auto at = std::ranges::find_if(c.levels, [&](auto& l) { return (left -= l.second) < 0; });
    const int level = at == c.levels.end() ? c.levels.back().first : at->first;
    if (level > 0) f.member.emplace(member_finding{.id = "m", .level = level});
  }
  f.tags.clear();
  for (std::size_t i = 0; i < c.tags.size(); ++i) {
    const auto purpose = static_cast<std::uint64_t>(draw::tags) + i;
    if (chance(key, purpose) < c.tags[i].second) f.tags.push_back(c.tags[i].first);
  }
  f.trail.reset();
  const bool returns = c.returning > 0 && chance(key, draw::returning) < c.returning;
  const bool expects = c.open_orders > 0 && chance(key, draw::orders) < c.open_orders;
  if (!returns && !expects) return;
  auto& t = f.trail.emplace();
  t.open_orders = expects ? 1 : 0;
  if (!returns || agents_.empty()) return;
  const auto n = static_cast<double>(agents_.size());
  const auto agent = static_cast<std::size_t>(chance(key, draw::last_agent) * n);
  t.last_agent = agents_[agent].machine.config().id;
  t.sessions_30d = 1;
}

route_input model_run::input_of(const live_session& s) const {
  return {.session = s.id,
          .request = model_.requests[s.who.of].request,
          .found = s.found,
          .weight = weights_[s.who.of],
          .standing = s.dispatch.standing().open(),
          .reasons = false};
}

const queue_snapshot& model_run::board() {
  if (!uses_board_ || (board_at_ != timestamp{} && now_ - board_at_ < report_every)) return board_;
  board_at_ = now_;
  for (const auto& g : groups_) {
    const auto s = g.dispatcher.stats(now_);
    queue_figures f;
    f.waiting = static_cast<int>(s.waiting);
    f.online = static_cast<int>(s.online);
    f.available = static_cast<int>(s.available);
    f.oldest = s.oldest.value_or(millis{0});
    f.service_level = s.service_level.value_or(1.0);
    if (s.eta) f.eta = time_estimate{s.eta->p50_ms, s.eta->p90_ms};
    f.open = g.dispatcher.open();
    board_.put(g.dispatcher.options().id, f);
  }
  return board_;
}

queue_entry model_run::entry_of(const live_session& s) const {
  return queue_entry_of(s.id, s.opened_at, s.phase_since, weights_[s.who.of], s.state);
}

void model_run::enter_step(std::uint32_t slot, step_choice choice) {
  auto& s = sessions_[slot];
  auto& d = s.state;
  if (session_machine::is_nowhere(d.plan, choice)) return left_message(slot);
  d.step = choice.step;
  d.groups = std::move(choice.groups);
  d.asked.clear();
  d.step_until.reset();
  const auto wait = d.plan.steps[static_cast<std::size_t>(d.step)].wait;
  if (wait > millis{0}) d.step_until = now_ + wait;
  const auto mark = ++s.step_mark;
  session_effects effects;
  s.dispatch.queued(d, false, known_, effects);
  carry_out(slot, effects);
  // Where all its queues were full it is elsewhere by now.
  if (s.step_mark == mark && d.step_until)
    events_.push(ms(*d.step_until), event_kind::step_end, slot, mark);
}

void model_run::step_over(std::uint32_t slot) {
  auto& s = sessions_[slot];
  session_effects effects;
  s.dispatch.wake(session_phase::waiting, s.state, {now_, now_}, effects);
  carry_out(slot, effects);
}

/// At once, where the daemon sends messages; a queue that is full answers when all have been asked.
void model_run::carry_out(std::uint32_t slot, const session_effects& effects) {
  auto& s = sessions_[slot];
  std::vector<group_id> full;
  for (const auto& e : effects) {
    if (auto* x = std::get_if<effect::enter_queue>(&e)) {
      if (!enter_dispatcher(s, x->group, admission::fresh)) full.push_back(x->group);
    } else if (auto* y = std::get_if<effect::return_to_queue>(&e)) {
      if (!enter_dispatcher(s, y->group, admission::returning)) full.push_back(y->group);
    } else if (auto* l = std::get_if<effect::leave_queue>(&e)) {
      leave_dispatcher(s, l->group, l->cause);
    } else if (auto* c = std::get_if<effect::choose_step>(&e)) {
      s.dispatch.router_answered();
      enter_step(slot,
                 model_.rules->choose_step(s.state.plan, input_of(s), board(), c->from, now_));
    } else if (auto* t = std::get_if<effect::turn_away>(&e)) {
      turned_away(slot, t->then);
    }
  }
  for (const auto& g : full) {
    session_effects more;
    const auto then = model_.dispatch.groups[group_index_.at(g)].on_full;
    s.dispatch.refused(s.state, session_phase::waiting, g, then, more);
    carry_out(slot, more);
  }
}

/// False where the queue is full.
bool model_run::enter_dispatcher(live_session& s, const group_id& group, admission how) {
  const auto g = group_index_.at(group);
  auto& sessions = out_.groups[g].sessions;
  if (groups_[g].dispatcher.enter(entry_of(s), now_, how) == enter_outcome::full) {
    if (s.counts) ++sessions.refused;
    return false;
  }
  if (how == admission::fresh && s.counts) ++sessions.opened;
  touch(g);
  return true;
}

void model_run::leave_dispatcher(live_session& s, const group_id& group, leave_cause cause) {
  const auto g = group_index_.at(group);
  auto& dispatcher = groups_[g].dispatcher;
  if (cause == leave_cause::accepted) return;  // the dispatcher knows already
  if (cause == leave_cause::abandoned) dispatcher.note_abandoned(now_ - s.opened_at, now_);
  dispatcher.leave(s.id, now_);
  if (cause == leave_cause::moved_on || cause == leave_cause::accepted_elsewhere) {
    if (s.counts) ++out_.groups[g].sessions.moved_on;
  }
  if (cause == leave_cause::moved_on && s.told && s.told_by == g) judge_estimate(s, false, g);
  touch(g);
}

/// As the daemon tells a customer who is not served at once.
void model_run::tell_estimate(std::uint32_t slot) {
  auto& s = sessions_[slot];
  s.told_by = group_index_.at(s.dispatch.standing().open().front());
  const auto estimate = groups_[s.told_by].dispatcher.eta(s.id, now_);
  if (!estimate || estimate->p90_ms == 0) return;
  s.told = s.counts;
  s.told_at = now_;
  s.estimate = *estimate;
}

void model_run::left_message(std::uint32_t slot) {
  auto& s = sessions_[slot];
  if (s.counts) {
    ++out_.all.left_message;
    ++out_.classes[s.who.of].sessions.left_message;
  }
  session_effects effects;
  s.dispatch.leave(leave_cause::moved_on, effects);
  carry_out(slot, effects);
  --waiting_sessions_;
  finish(slot);
}

/// Its queues are full and end it, as their group's configuration says.
void model_run::turned_away(std::uint32_t slot, config::when_full then) {
  if (then == config::when_full::leave_message) return left_message(slot);
  auto& s = sessions_[slot];
  if (s.counts) {
    ++out_.all.abandoned;
    ++out_.classes[s.who.of].sessions.abandoned;
  }
  --waiting_sessions_;
  finish(slot);
}

void model_run::abandon(std::uint32_t slot) {
  auto& s = sessions_[slot];
  if (s.phase != session_step::waiting && s.phase != session_step::offered) return;
  const bool offered = s.phase == session_step::offered;
  const auto agent = s.agent;
  note_abandoned(s);
  session_effects effects;
  s.dispatch.leave(leave_cause::abandoned, effects);
  carry_out(slot, effects);
  if (offered) {
    note_agent(agent);
    agents_[agent].machine.release(offer_id{s.id.text()});
  }
  --waiting_sessions_;
  finish(slot);
  if (offered) freed(agent);
}

void model_run::finish(std::uint32_t slot) {
  auto& s = sessions_[slot];
  s.phase = session_step::free;
  ++s.mark;
  ++s.step_mark;
  free_slots_.push_back(slot);
}

}  // namespace switchboard::whatif
