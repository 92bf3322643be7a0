#include "tools/whatif/model_run.hpp"

#include <algorithm>

#include "actors/router/opening_hours.hpp"
#include "tools/whatif/run_state.hpp"

namespace switchboard::whatif {
namespace {

/// Who waits at the end has another day.
constexpr std::int64_t drain_ms = 24 * 3'600'000;
/// A calendar's spans begin and end on whole minutes.
constexpr std::int64_t minute_ms = 60'000;

bool mentions_queue(const std::string& condition) {
  return condition.find("queue") != std::string::npos;
}

/// Whether any decision reads what the groups report of themselves.
bool reads_reports(const config::dispatch_config& c) {
  return std::ranges::any_of(
             c.groups, [](auto& g) { return !g.calendar.empty() || mentions_queue(g.serves); }) ||
         std::ranges::any_of(c.rules, [](auto& r) {
           return mentions_queue(r.when) || std::ranges::any_of(r.steps, [](auto& s) {
                    return s.groups.size() > 1 || mentions_queue(s.skip_if);
                  });
         });
}

}  // namespace

model_run::model_run(const deployment_model& model, const run_options& options)
    : model_(model),
      known_(model.dispatch),
      options_(options),
      arrivals_(model),
      now_(model.start),
      rng_(mixed(model.seed, 0x5eed)),
      uses_board_(reads_reports(model.dispatch)) {
  set_up();
}

void model_run::set_up() {
  const auto& c = model_.dispatch;
  for (const auto& g : c.groups) {
    group_index_.emplace(g.id, static_cast<std::uint32_t>(groups_.size()));
    auto& made = groups_.emplace_back(g);
    const auto hours = std::ranges::find(c.calendars, g.calendar, &config::calendar::id);
    if (!g.calendar.empty() && hours != c.calendars.end()) made.hours = &*hours;
    out_.groups.push_back({.id = g.id.value,
                           .target = g.service_level_target,
                           .within_ms = g.service_level_within.count()});
  }
  for (std::uint32_t a = 0; a < c.agents.size(); ++a) {
    const auto& config = c.agents[a];
    agent_index_.emplace(config.id, a);
    auto& made = agents_.emplace_back(config, agent_record{});
    const auto speed = model_.habits.speed.find(config.id.value);
    if (speed != model_.habits.speed.end()) made.speed = speed->second;
    out_.agents.push_back({.id = config.id.value});
    for (const auto& g : config.groups) {
      const auto group = group_index_.at(g);
      made.groups.push_back(group);
      groups_[group].agents.push_back(a);
      out_.agents.back().groups.push_back(g.value);
    }
    made.accepted_in.resize(made.groups.size());
  }
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    std::vector<agent_id> roster;
    for (auto a : groups_[g].agents) roster.push_back(c.agents[a].id);
    groups_[g].dispatcher.set_roster(roster);
    if (groups_[g].hours) events_.push(0, event_kind::calendar, g);
  }
  for (const auto& r : model_.requests) {
    out_.classes.push_back({.name = r.name});
    const auto channel =
        std::ranges::find(c.channels, channel_id(r.request.channel), &config::channel_config::id);
    weights_.push_back(channel == c.channels.end() ? 1 : channel->weight);
    sources_.push_back(r.request.channel + ":" + r.request.entry);
  }
  for (std::uint32_t a = 0; a < agents_.size(); ++a) events_.push(0, event_kind::shift, a);

  out_.name = model_.name;
  out_.seed = model_.seed;
  out_.start_ms = unix_ms(model_.start);
  out_.start_minute = model_.start_minute;
  out_.length_ms = model_.length.count();
  out_.warm_up_ms = model_.warm_up.count();
  constexpr std::int64_t intervals = 192;
  const auto minutes = (out_.length_ms + intervals * minute_ms - 1) / (intervals * minute_ms);
  out_.interval_ms = minutes * minute_ms;
  const auto n = static_cast<std::size_t>((out_.length_ms - 1) / out_.interval_ms + 1);
  out_.series.assign(groups_.size(), std::vector<interval_figures>(n));
}

run_result model_run::play() {
  // Who is there and what is open at the start, before anybody comes.
  while (!events_.empty() && events_.top().at_ms == 0) {
    const auto e = events_.top();
    events_.pop();
    handle(e);
    settle();
  }
  while (!ended()) {
    const auto* next = arrivals_.peek();
    // An arrival goes first: who comes as somebody frees is there to be served.
    if (next && (events_.empty() || next->at_ms <= events_.top().at_ms)) {
      now_ = model_.start + millis{next->at_ms};
      const auto a = *next;
      arrivals_.pop();
      open(a);
    } else {
      const auto e = events_.top();
      events_.pop();
      now_ = model_.start + millis{e.at_ms};
      handle(e);
    }
    settle();
    if ((++ticks_ & 4095) == 0) report_progress();
  }
  close_books();
  return std::move(out_);
}

bool model_run::ended() const {
  if (arrivals_.peek()) return false;
  if (events_.empty()) return true;
  const auto next = events_.top().at_ms;
  if (next < out_.length_ms) return false;
  return waiting_sessions_ == 0 || next >= out_.length_ms + drain_ms;
}

void model_run::handle(const timed_event& e) {
  switch (e.kind) {
    case event_kind::service_end:
      return end_service(e.subject);
    case event_kind::patience_end:
      if (sessions_[e.subject].mark == e.mark) abandon(e.subject);
      return;
    case event_kind::step_end:
      if (auto& s = sessions_[e.subject]; s.step_mark == e.mark) {
        // An offer under way is not broken off; it goes on to the next step when it fails.
        if (s.phase == session_step::waiting) step_over(e.subject);
      }
      return;
    case event_kind::offer_answer:
    case event_kind::offer_timeout: {
      auto& s = sessions_[e.subject];
      if (s.phase != session_step::offered || s.mark != e.mark) return;
      if (e.kind == event_kind::offer_timeout) return offer_failed(e.subject, true);
      const auto purpose = static_cast<std::uint64_t>(draw::offers) + 4 * s.offers;
      return answer(e.subject, chance(s.who.key, purpose + 1) >= model_.habits.decline);
    }
    case event_kind::wrap_up_end:
      return end_wrap_up(e.subject);
    case event_kind::back:
      return come_back(e.subject);
    case event_kind::shift:
      return change_shift(e.subject);
    case event_kind::dispatcher_due:
      groups_[e.subject].armed_for = {};
      return touch(e.subject);
    case event_kind::calendar: {
      auto& g = groups_[e.subject];
      g.dispatcher.set_open(is_open(*g.hours, now_));
      const auto at = unix_ms(now_);
      events_.push(ms(now_) + minute_ms - at % minute_ms, event_kind::calendar, e.subject);
      return touch(e.subject);
    }
  }
}

void model_run::touch(std::uint32_t group) {
  auto& g = groups_[group];
  if (g.touched) return;
  g.touched = true;
  touched_.push_back(group);
}

/// Until no group that something happened to has an eligible pair (I3).
void model_run::settle() {
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const auto group = touched_[i];
    groups_[group].touched = false;
    pump(group);
    note_queue(group);
    arm(group);
  }
  touched_.clear();
}

void model_run::arm(std::uint32_t group) {
  auto& g = groups_[group];
  auto next = g.dispatcher.next_deadline(now_);
  if (!next) return;
  // What is due already has been looked at: it stands for something else to happen.
  const auto at = std::max(*next, now_ + millis{1});
  if (g.armed_for != timestamp{} && g.armed_for <= at) return;
  g.armed_for = at;
  events_.push(ms(at), event_kind::dispatcher_due, group);
}

void model_run::report_progress() {
  if (!options_.progress) return;
  const auto share = static_cast<double>(ms(now_)) / static_cast<double>(out_.length_ms);
  options_.progress(std::min(share, 1.0), out_.simulated);
}

run_result run_model(const deployment_model& model, const run_options& options) {
  return model_run(model, options).play();
}

}  // namespace switchboard::whatif
