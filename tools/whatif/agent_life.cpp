#include <algorithm>

#include "actors/skill_group/agent_view.hpp"
#include "tools/whatif/run_state.hpp"

/// What agents do besides accepting: finish, wrap up, come and go.
namespace switchboard::whatif {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t minutes_a_day = 24 * 60;

}  // namespace

void model_run::end_service(std::uint32_t slot) {
  auto& s = sessions_[slot];
  const auto agent = s.agent;
  auto& a = agents_[agent];
  const auto& policy = groups_[s.group].dispatcher.options().wrap_up;
  note_agent(agent);
  const auto held = a.machine.end_service(s.id);
  const auto& record = a.machine.record();
  agent_event::served done{s.id, {}, record.last_assigned, record.assigned_today, record.day};
  if (held && policy.mode != config::wrap_up_mode::none) {
    auto time = policy.time;
    if (policy.mode == config::wrap_up_mode::manual) {
      const double own = model_.habits.wrap_up.span_ms(chance(s.who.key, draw::wrap_up),
                                                       chance(s.who.key, draw::wrap_up_2));
      time = std::min(time, millis{static_cast<std::int64_t>(own)});
    }
    done.after = wrap_up{s.id, held->group, now_ + time, policy.holds_capacity ? held->weight : 0};
    if (free_wrap_ups_.empty()) {
      free_wrap_ups_.push_back(static_cast<std::uint32_t>(wrap_ups_.size()));
      wrap_ups_.emplace_back();
    }
    const auto number = free_wrap_ups_.back();
    free_wrap_ups_.pop_back();
    wrap_ups_[number] = {s.id, agent};
    events_.push(ms(now_ + time), event_kind::wrap_up_end, number);
  }
  a.machine.apply_event(std::move(done), now_);
  finish(slot);
  freed(agent);
  check_leaving(agent);
}

void model_run::end_wrap_up(std::uint32_t number) {
  const auto [session, agent] = wrap_ups_[number];
  free_wrap_ups_.push_back(number);
  note_agent(agent);
  agents_[agent].machine.apply_event(agent_event::wrap_up_ended{session}, now_);
  freed(agent);
}

void model_run::set_presence(std::uint32_t agent, agent_status status, const char* reason) {
  note_agent(agent);
  agents_[agent].machine.apply_event(agent_event::presence_changed{status, reason}, now_);
}

bool model_run::on_shift(std::uint32_t agent, std::int64_t at_ms) const {
  const auto minute = (at_ms / minute_ms + model_.start_minute) % minutes_a_day;
  return std::ranges::any_of(model_.hours[agent], [&](auto& s) {
    return s.from_minute <= minute && minute < s.to_minute;
  });
}

/// The first whole minute after `from_ms` at which the agent's hours begin or end; -1 for never.
std::int64_t model_run::next_shift_change(std::uint32_t agent, std::int64_t from_ms) const {
  const auto minute = from_ms / minute_ms;
  std::int64_t first = -1;
  for (const auto& s : model_.hours[agent]) {
    for (const int edge : {s.from_minute, s.to_minute}) {
      auto ahead = (edge - (minute + model_.start_minute)) % minutes_a_day;
      if (ahead <= 0) ahead += minutes_a_day;
      const auto at = (minute + ahead) * minute_ms;
      if (first < 0 || at < first) first = at;
    }
  }
  return first;
}

void model_run::change_shift(std::uint32_t agent) {
  auto& a = agents_[agent];
  const auto at = ms(now_);
  if (const auto next = next_shift_change(agent, at); next >= 0) {
    events_.push(next, event_kind::shift, agent);
  }
  const bool on = on_shift(agent, at);
  if (on == a.on_shift) return;
  a.on_shift = on;
  if (on) {
    set_presence(agent, agent_status::online, "");
    return freed(agent);
  }
  // At the shift's end an agent takes nobody new and finishes what is there.
  set_presence(agent, agent_status::draining, "");
  tell_groups(agent);
  check_leaving(agent);
}

void model_run::check_leaving(std::uint32_t agent) {
  auto& m = agents_[agent].machine;
  if (m.record().status != agent_status::draining) return;
  if (!m.serving().empty() || !m.reservations().empty()) return;
  set_presence(agent, agent_status::offline, "");
  tell_groups(agent);
}

void model_run::come_back(std::uint32_t agent) {
  auto& a = agents_[agent];
  if (!a.on_shift || a.machine.record().status != agent_status::away) return;
  set_presence(agent, agent_status::online, "");
  freed(agent);
}

/// Before anything of the agent changes: what it did until now.
void model_run::note_agent(std::uint32_t agent) {
  auto& a = agents_[agent];
  const auto until = std::min(ms(now_), out_.length_ms);
  const auto from = std::max(a.since_ms, out_.warm_up_ms);
  a.since_ms = ms(now_);
  if (until <= from || !a.staffed) return;
  const auto span = static_cast<double>(until - from);
  auto& r = out_.agents[agent];
  r.staffed_ms += span;
  r.units_ms += span * a.used;
  r.capacity_ms += span * a.capacity;
  if (a.busy) r.busy_ms += span;
}

}  // namespace switchboard::whatif
