#include <algorithm>
#include <cstring>
#include <utility>

#include "tools/whatif/floor_state.hpp"

/// A session from its opening to its end, as session_body and session_machine have it.
namespace switchboard::whatif {
namespace {

/// As the daemon's groups report to its routers.
constexpr millis report_every{100};

}  // namespace

std::uint32_t floor_run::take_slot() {
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
session_id floor_run::id_for(std::uint32_t slot) const {
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

void floor_run::open(const arrival& a) {
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
  s.asked.clear();
  s.standing.clear();
  ++waiting_sessions_;
  if (s.counts) {
    ++out_.all.opened;
    ++out_.classes[a.of].sessions.opened;
  }
  find_out(s);
  auto made = model_.rules->plan(input_of(s), board(), now_);
  s.plan = std::move(made.plan);
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
void floor_run::find_out(live_session& s) {
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

route_input floor_run::input_of(const live_session& s) const {
  return {.session = s.id,
          .request = model_.requests[s.who.of].request,
          .found = s.found,
          .weight = weights_[s.who.of],
          .standing = s.standing,
          .reasons = false};
}

const queue_board& floor_run::board() {
  if (!uses_board_ || (board_at_ != timestamp{} && now_ - board_at_ < report_every)) return board_;
  board_at_ = now_;
  for (const auto& g : groups_) {
    const auto s = g.desk.stats(now_);
    queue_figures f;
    f.waiting = static_cast<int>(s.waiting);
    f.online = static_cast<int>(s.online);
    f.available = static_cast<int>(s.available);
    f.oldest = s.oldest.value_or(millis{0});
    f.service_level = s.service_level.value_or(1.0);
    if (s.eta) f.eta = time_estimate{s.eta->p50_ms, s.eta->p90_ms};
    f.open = g.desk.open();
    board_.put(g.desk.options().id, f);
  }
  return board_;
}

claim floor_run::claim_of(const live_session& s) const {
  claim c;
  c.session = s.id;
  c.opened_at = s.opened_at;
  c.priority = s.plan.priority;
  const auto step = static_cast<std::size_t>(s.step);
  if (step < s.plan.steps.size()) c.need = s.plan.steps[step].need;
  c.need.weight = weights_[s.who.of];
  c.sticky = s.plan.sticky;
  if (!c.sticky.empty()) c.sticky_until = s.phase_since + s.plan.sticky_for;
  c.asked = s.asked;
  return c;
}

void floor_run::enter_step(std::uint32_t slot, step_choice choice) {
  // A step whose queues are all full leads to the next at once.
  for (;;) {
    auto& s = sessions_[slot];
    const auto step = static_cast<std::size_t>(choice.step);
    const auto& steps = s.plan.steps;
    if (step >= steps.size() || steps[step].leave_message || choice.groups.empty()) {
      return left_message(slot);
    }
    s.step = choice.step;
    s.asked.clear();
    ++s.step_mark;
    s.step_until = {};
    if (steps[step].wait > millis{0}) s.step_until = now_ + steps[step].wait;
    if (wait_in(slot, choice.groups)) return;
    choice = model_.rules->choose_step(s.plan, input_of(s), board(), choice.step + 1, now_);
  }
}

/// False if no queue took it.
bool floor_run::wait_in(std::uint32_t slot, const std::vector<group_id>& groups) {
  auto& s = sessions_[slot];
  leave_queues(s, groups);
  const auto told = claim_of(s);
  const auto stood = std::exchange(s.standing, groups);
  for (const auto& id : groups) {
    const auto g = group_index_.at(id);
    const bool stands = std::ranges::find(stood, id) != stood.end();
    const auto how = stands ? admission::returning : admission::fresh;
    auto& sessions = out_.groups[g].sessions;
    if (groups_[g].desk.enter(told, now_, how) == enter_outcome::full) {
      if (s.counts) ++sessions.refused;
      std::erase(s.standing, id);
      continue;
    }
    if (!stands && s.counts) ++sessions.opened;
    touch(g);
  }
  if (s.standing.empty()) return false;
  if (s.step_until != timestamp{}) {
    events_.push(ms(s.step_until), event_kind::step_end, slot, s.step_mark);
  }
  return true;
}

void floor_run::next_step(std::uint32_t slot, int from) {
  auto& s = sessions_[slot];
  enter_step(slot, model_.rules->choose_step(s.plan, input_of(s), board(), from, now_));
}

/// As the daemon tells a customer who is not served at once.
void floor_run::tell_estimate(std::uint32_t slot) {
  auto& s = sessions_[slot];
  s.told_by = group_index_.at(s.standing.front());
  const auto estimate = groups_[s.told_by].desk.eta(s.id, now_);
  if (!estimate || estimate->p90_ms == 0) return;
  s.told = s.counts;
  s.told_at = now_;
  s.estimate = *estimate;
}

void floor_run::leave_queues(live_session& s, const std::vector<group_id>& except) {
  std::erase_if(s.standing, [&](auto& id) {
    if (std::ranges::find(except, id) != except.end()) return false;
    const auto g = group_index_.at(id);
    groups_[g].desk.leave(s.id, now_);
    if (s.counts) ++out_.groups[g].sessions.moved_on;
    if (s.told && s.told_by == g) judge_estimate(s, false, g);
    touch(g);
    return true;
  });
}

void floor_run::left_message(std::uint32_t slot) {
  auto& s = sessions_[slot];
  if (s.counts) {
    ++out_.all.left_message;
    ++out_.classes[s.who.of].sessions.left_message;
  }
  leave_queues(s, {});
  --waiting_sessions_;
  finish(slot);
}

void floor_run::abandon(std::uint32_t slot) {
  auto& s = sessions_[slot];
  if (s.phase != session_step::waiting && s.phase != session_step::offered) return;
  const bool offered = s.phase == session_step::offered;
  const auto agent = s.agent;
  note_abandoned(s);
  for (const auto& id : s.standing) {
    const auto g = group_index_.at(id);
    groups_[g].desk.note_abandoned(now_ - s.opened_at, now_);
    groups_[g].desk.leave(s.id, now_);
    touch(g);
  }
  s.standing.clear();
  if (offered) {
    note_agent(agent);
    agents_[agent].machine.release(offer_id{s.id.text()});
  }
  --waiting_sessions_;
  finish(slot);
  if (offered) freed(agent);
}

void floor_run::finish(std::uint32_t slot) {
  auto& s = sessions_[slot];
  s.phase = session_step::free;
  ++s.mark;
  ++s.step_mark;
  free_slots_.push_back(slot);
}

}  // namespace switchboard::whatif
