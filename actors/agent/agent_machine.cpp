#include "actors/agent/agent_machine.hpp"

#include <algorithm>

#include "actors/agent/agent_times.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

agent_machine::agent_machine(config::agent_config config, agent_record record, std::string zone)
    : record_(std::move(record)), zone_(std::move(zone)) {
  configure(std::move(config));
  last_assigned_ = record_.last_assigned;
  online_since_ = record_.online_since;
  in_state_since_ = record_.since;
  for (auto& w : record_.wrap_ups) wrap_up_ends_[w.session] = w.until;
}

void agent_machine::take_up(timestamp running, timestamp wall,
                            const std::function<millis(const group_id&)>& longest) {
  // A stamp that is still to come is the clock's, which was set back meanwhile: it was just now.
  auto passed = [&](timestamp stamp) { return running - std::max(wall - stamp, millis{0}); };
  last_assigned_ = passed(record_.last_assigned);
  online_since_ = passed(record_.online_since);
  if (record_.since != timestamp{}) in_state_since_ = passed(record_.since);
  for (auto& w : record_.wrap_ups)
    wrap_up_ends_[w.session] = running + std::min(w.until - wall, longest(w.group));
  day_passes(wall);
}

void agent_machine::apply_event(const agent_payload& e, timestamp at, timestamp running) {
  const bool was_online = record_.status == agent_status::online;
  apply(record_, e, at);
  if (auto* x = std::get_if<agent_event::presence_changed>(&e)) {
    in_state_since_ = running;
    if (x->status == agent_status::online && !was_online) online_since_ = running;
  }
  if (auto* x = std::get_if<agent_event::served>(&e); x && x->after)
    wrap_up_ends_[x->session] = running + (x->after->until - at);
  if (auto* x = std::get_if<agent_event::wrap_up_ended>(&e)) wrap_up_ends_.erase(x->session);
}

millis agent_machine::in_state_for(timestamp running) const {
  return in_state_since_ == timestamp{} ? millis{0}
                                        : std::max(running - in_state_since_, millis{0});
}

std::vector<session_id> agent_machine::wrap_ups_over(timestamp running) const {
  std::vector<session_id> out;
  for (auto& [session, ends] : wrap_up_ends_) {
    if (ends <= running) out.push_back(session);
  }
  return out;
}

bool agent_machine::day_passes(timestamp wall) {
  const auto today = agent_times::day_of(wall, zone_);
  if (record_.day == today) return false;
  record_.day = today;
  return std::exchange(record_.assigned_today, 0) != 0;
}

std::optional<timestamp> agent_machine::day_ends() const {
  if (record_.assigned_today == 0) return {};
  return agent_times::day_begins(record_.day + 1, zone_);
}

void agent_machine::configure(config::agent_config c) {
  config_ = std::move(c);
  std::vector<skill_level> skills;
  for (auto& [skill, level] : config_.skills) skills.push_back({skill, level});
  // Kept if nothing changed: groups know an agent's skills again by the list being the same.
  if (shared_list<skill_level> told(std::move(skills)); told != skills_) skills_ = std::move(told);
}

agent_status agent_machine::status() const {
  if (record_.status == agent_status::offline || connected_) return record_.status;
  return grace_until_ ? agent_status::reconnecting : agent_status::offline;
}

int agent_machine::used() const {
  int units = 0;
  for (auto& [offer, r] : reservations_) units += r.weight;
  for (auto& [session, h] : serving_) units += h.snoozed_until ? 0 : h.weight;
  for (auto& [session, g] : guests_) units += g.weight;
  for (auto& w : record_.wrap_ups) units += w.holds;
  return units;
}

std::string agent_machine::refusal(int weight) const {
  if (status() != agent_status::online) return "state: " + std::string(to_string(status()));
  if (room() < weight)
    return "room: " + std::to_string(room()) + " of " + std::to_string(config_.capacity);
  return {};
}

bool agent_machine::reserve(const offer_id& offer, reservation r) {
  if (!refusal(r.weight).empty()) return false;
  reservations_.emplace(offer, std::move(r));
  SB_INVARIANT(used() <= config_.capacity);
  return true;
}

std::optional<agent_machine::reservation> agent_machine::release(const offer_id& offer) {
  auto it = reservations_.find(offer);
  if (it == reservations_.end()) return {};
  auto r = std::move(it->second);
  reservations_.erase(it);
  return r;
}

void agent_machine::postpone_reservations(timestamp now, millis patience) {
  for (auto& [offer, r] : reservations_) {
    if (r.expires_at <= now) r.expires_at = now + patience;
  }
}

/// The day's count was last written with the newest assignment as of then: what came after is
/// counted here.
void agent_machine::take_over(const std::vector<served_session>& all) {
  auto counted_until = record_.last_assigned;
  for (auto& s : all) {
    if (!s.as.empty()) {
      guests_.emplace(s.session, guest{s.as, s.what.group, s.what.weight, s.what.since});
      continue;
    }
    if (!serving_.emplace(s.session, s.what).second || s.what.since <= counted_until) continue;
    count_assignment(s.what.since);
    last_assigned_ = std::max(last_assigned_, s.what.since);
  }
}

void agent_machine::count_assignment(timestamp at) {
  day_passes(at);
  ++record_.assigned_today;
  record_.last_assigned = at;
}

void agent_machine::serve(const offer_id& offer, const session_id& session, held h, timestamp wall,
                          timestamp running) {
  release(offer);
  guests_.erase(session);
  if (!serving_.emplace(session, std::move(h)).second) return;
  count_assignment(wall);
  last_assigned_ = running;
  record_.missed_in_a_row = 0;
}

std::optional<agent_machine::held> agent_machine::end_service(const session_id& session) {
  auto it = serving_.find(session);
  if (it == serving_.end()) return {};
  auto h = std::move(it->second);
  serving_.erase(it);
  return h;
}

std::string agent_machine::takeover_refusal(int weight) const {
  if (status() == agent_status::offline || !connected_) return "state: offline";
  if (room() < weight)
    return "room: " + std::to_string(room()) + " of " + std::to_string(config_.capacity);
  return {};
}

bool agent_machine::reserve_takeover(const offer_id& offer, reservation r) {
  if (!takeover_refusal(r.weight).empty()) return false;
  reservations_.emplace(offer, std::move(r));
  SB_INVARIANT(used() <= config_.capacity);
  return true;
}

void agent_machine::join(const offer_id& offer, const session_id& session, guest g) {
  release(offer);
  guests_.insert_or_assign(session, std::move(g));
}

std::optional<agent_machine::guest> agent_machine::end_guest(const session_id& session) {
  auto it = guests_.find(session);
  if (it == guests_.end()) return {};
  auto g = std::move(it->second);
  guests_.erase(it);
  return g;
}

bool agent_machine::snooze(const session_id& session, timestamp until) {
  auto it = serving_.find(session);
  if (it == serving_.end()) return false;
  it->second.snoozed_until = until;
  return true;
}

bool agent_machine::idle() const {
  auto busy = [](auto& h) { return !h.second.snoozed_until; };
  auto holds = [](auto& g) { return g.second.weight > 0; };
  return reservations_.empty() && std::ranges::none_of(serving_, busy) &&
         std::ranges::none_of(guests_, holds);
}

agent_view agent_machine::view(std::uint64_t rev) const {
  agent_view v;
  v.id = config_.id;
  v.rev = rev;
  v.status = status();
  v.capacity = config_.capacity;
  v.used = used();
  v.skills = skills_;
  v.last_assigned = last_assigned_;
  v.online_since = online_since_;
  v.assigned_today = record_.assigned_today;
  return v;
}

std::optional<timestamp> agent_machine::next_deadline() const {
  std::optional<timestamp> first = grace_until_;
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  for (auto& [session, ends] : wrap_up_ends_) earlier(ends);
  for (auto& [offer, r] : reservations_) earlier(r.expires_at);
  return first;
}

}  // namespace switchboard
