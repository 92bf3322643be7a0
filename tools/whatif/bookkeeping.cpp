#include <algorithm>

#include "tools/whatif/run_state.hpp"

/// What is counted, when, and for whom.
namespace switchboard::whatif {

interval_figures& model_run::interval(std::uint32_t group, std::int64_t at_ms) {
  auto& all = out_.series[group];
  const auto i = static_cast<std::size_t>(std::max<std::int64_t>(at_ms, 0) / out_.interval_ms);
  return all[std::min(i, all.size() - 1)];
}

/// The queue's length until now, spread over the intervals it stood through.
void model_run::note_queue(std::uint32_t group) {
  auto& g = groups_[group];
  const auto now = std::min(ms(now_), out_.length_ms);
  for (auto from = g.waiting_since; from < now && g.waiting > 0;) {
    const auto end = std::min(now, (from / out_.interval_ms + 1) * out_.interval_ms);
    interval(group, from).queue_ms +=
        static_cast<double>(g.waiting) * static_cast<double>(end - from);
    from = end;
  }
  g.waiting_since = now;
  g.waiting = g.dispatcher.size();
  auto& longest = out_.groups[group].longest_queue;
  longest = std::max(longest, static_cast<double>(g.waiting));
}

void model_run::note_accepted(live_session& s, std::uint32_t group, std::uint32_t agent) {
  if (!s.counts) return;
  const auto wait = (now_ - s.opened_at).count();
  const bool in_time = wait <= out_.groups[group].within_ms;
  for (auto* t : {&out_.all, &out_.groups[group].sessions, &out_.classes[s.who.of].sessions}) {
    ++t->accepted;
    t->in_time += in_time;
    t->wait.add(wait);
  }
  ++out_.agents[agent].accepted;
  auto& a = agents_[agent];
  const auto in = std::ranges::find(a.groups, group) - a.groups.begin();
  ++a.accepted_in[static_cast<std::size_t>(in)];
  auto& i = interval(group, s.who.at_ms);
  ++i.accepted;
  i.wait_ms += static_cast<double>(wait);
  if (s.told) judge_estimate(s, true, group);
  if (options_.accepted) options_.accepted(s.number, wait);
}

void model_run::note_abandoned(live_session& s) {
  const auto& standing = s.dispatch.standing().open();
  if (!s.counts || standing.empty()) return;
  // Where it stood first; the same group whose level it counts against.
  const auto group = group_index_.at(standing.front());
  const auto wait = (now_ - s.opened_at).count();
  const bool late = wait > out_.groups[group].within_ms;
  for (auto* t : {&out_.all, &out_.groups[group].sessions, &out_.classes[s.who.of].sessions}) {
    ++t->abandoned;
    t->abandoned_late += late;
    t->gave_up.add(wait);
  }
  for (std::size_t i = 1; i < standing.size(); ++i) {
    ++out_.groups[group_index_.at(standing[i])].sessions.moved_on;
  }
  if (s.told) judge_estimate(s, false, s.told_by);
}

void model_run::judge_estimate(live_session& s, bool accepted, std::uint32_t group) {
  s.told = false;
  const bool there = accepted && group == s.told_by;
  const auto waited = (now_ - s.told_at).count();
  auto& g = out_.groups[s.told_by];
  g.p50.add(waited, s.estimate.p50_ms, there);
  g.p90.add(waited, s.estimate.p90_ms, there);
  out_.p50.add(waited, s.estimate.p50_ms, there);
  out_.p90.add(waited, s.estimate.p90_ms, there);
}

double model_run::fairness_of(std::uint32_t group) const {
  std::vector<double> rates;
  for (auto agent : groups_[group].agents) {
    const auto& a = agents_[agent];
    const auto staffed = out_.agents[agent].staffed_ms;
    if (staffed <= 0) continue;
    const auto in = std::ranges::find(a.groups, group) - a.groups.begin();
    rates.push_back(static_cast<double>(a.accepted_in[static_cast<std::size_t>(in)]) / staffed);
  }
  return jain_index(rates);
}

void model_run::close_books() {
  now_ = std::max(now_, model_.start + model_.length);
  for (std::uint32_t a = 0; a < agents_.size(); ++a) note_agent(a);
  double busy = 0, staffed = 0;
  for (const auto& a : out_.agents) {
    busy += a.busy_ms;
    staffed += a.staffed_ms;
  }
  out_.occupancy = staffed > 0 ? busy / staffed : 0;
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    note_queue(g);
    auto& r = out_.groups[g];
    r.fairness = fairness_of(g);
    double of_group = 0, there = 0, queue = 0;
    for (auto a : groups_[g].agents) {
      of_group += out_.agents[a].busy_ms;
      there += out_.agents[a].staffed_ms;
    }
    r.occupancy = there > 0 ? of_group / there : 0;
    for (const auto& i : out_.series[g]) queue += i.queue_ms;
    r.mean_queue = queue / static_cast<double>(out_.length_ms);
  }
  for (const auto& s : sessions_) {
    if (!s.counts || (s.phase != session_step::waiting && s.phase != session_step::offered)) {
      continue;
    }
    ++out_.all.unfinished;
    ++out_.classes[s.who.of].sessions.unfinished;
    const auto& standing = s.dispatch.standing().open();
    if (!standing.empty()) ++out_.groups[group_index_.at(standing.front())].sessions.unfinished;
  }
  out_.events = ticks_;
}

}  // namespace switchboard::whatif
