#include "actors/agent/agent_state.hpp"

#include <algorithm>

#include "actors/agent/agent_times.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {
namespace {

struct applier {
  agent_record& r;
  timestamp at;

  void operator()(const agent_event::presence_changed& x) const {
    if (r.status != agent_status::offline) agent_times::add(r.days, to_string(r.status), r.reason, r.since, at);
    r.since = at;
    if (x.status == agent_status::online && r.status != agent_status::online) r.online_since = at;
    if (x.status == agent_status::online) r.missed_in_a_row = 0;
    r.status = x.status;
    r.reason = x.reason;
  }
  void operator()(const agent_event::served& x) const {
    r.last_assigned = std::max(r.last_assigned, x.last_assigned);
    r.assigned_today = x.assigned_today;
    r.day = x.day;
    if (x.after) r.wrap_ups.push_back(*x.after);
  }
  void operator()(const agent_event::wrap_up_ended& x) const {
    std::erase_if(r.wrap_ups, [&](auto& w) { return w.session == x.session; });
  }
  void operator()(const agent_event::offer_missed& x) const { r.missed_in_a_row = x.in_a_row; }
};

template <std::size_t I = 0>
bool unpack_kind(std::size_t index, const msgpack::object& o, agent_payload& out) {
  if constexpr (I < std::variant_size_v<agent_payload>) {
    if (I != index) return unpack_kind<I + 1>(index, o, out);
    codec::unpack_value(o, out.emplace<I>());
    return true;
  } else {
    return false;
  }
}

std::int64_t day_of(timestamp t) { return unix_ms(t) / 86'400'000; }

}  // namespace

std::vector<day_times> times_until(const agent_record& r, timestamp now) {
  auto days = r.days;
  if (r.status != agent_status::offline) agent_times::add(days, to_string(r.status), r.reason, r.since, now);
  return days;
}

void apply(agent_record& r, const agent_payload& e, timestamp at) {
  ++r.seq;
  std::visit(applier{r, at}, e);
}

void encode(const agent_payload& e, timestamp at, std::string& out) {
  codec::packer p;
  p.array(3).uinteger(e.index() + 1).time(at);
  std::visit([&](auto& x) { codec::pack_value(p, x, codec::audience::store); }, e);
  out.append(p.view());
}

bool replay(agent_record& r, std::string_view events) {
  std::size_t offset = 0;
  try {
    while (offset < events.size()) {
      auto handle = msgpack::unpack(events.data(), events.size(), offset);
      auto& a = handle.get().via.array;
      if (handle.get().type != msgpack::type::ARRAY || a.size < 3) return false;
      agent_payload e;
      if (unpack_kind(a.ptr[0].as<std::size_t>() - 1, a.ptr[2], e)) apply(r, e, from_unix_ms(a.ptr[1].as<std::int64_t>()));
    }
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

agent_machine::agent_machine(config::agent_config config, agent_record record) : record_(std::move(record)) {
  configure(std::move(config));
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
  if (room() < weight) return "room: " + std::to_string(room()) + " of " + std::to_string(config_.capacity);
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

/// The day's count was last written with the newest assignment as of then: what came after is counted here.
void agent_machine::take_over(const std::vector<served_session>& all) {
  auto counted_until = record_.last_assigned;
  for (auto& s : all) {
    if (!s.as.empty()) {
      guests_.emplace(s.session, guest{s.as, s.what.group, s.what.weight, s.what.since});
      continue;
    }
    if (!serving_.emplace(s.session, s.what).second || s.what.since <= counted_until) continue;
    count_assignment(s.what.since);
  }
}

void agent_machine::count_assignment(timestamp at) {
  if (day_of(at) != record_.day) {
    record_.day = day_of(at);
    record_.assigned_today = 0;
  }
  ++record_.assigned_today;
  record_.last_assigned = std::max(record_.last_assigned, at);
}

void agent_machine::serve(const offer_id& offer, const session_id& session, held h, timestamp now) {
  release(offer);
  guests_.erase(session);
  if (!serving_.emplace(session, std::move(h)).second) return;
  count_assignment(now);
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
  if (room() < weight) return "room: " + std::to_string(room()) + " of " + std::to_string(config_.capacity);
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
  return reservations_.empty() && std::ranges::none_of(serving_, busy) && std::ranges::none_of(guests_, holds);
}

agent_view agent_machine::view(std::uint64_t rev) const {
  agent_view v;
  v.id = config_.id;
  v.rev = rev;
  v.status = status();
  v.capacity = config_.capacity;
  v.used = used();
  v.skills = skills_;
  v.last_assigned = record_.last_assigned;
  v.online_since = record_.online_since;
  v.assigned_today = record_.assigned_today;
  return v;
}

std::optional<timestamp> agent_machine::next_deadline() const {
  std::optional<timestamp> first = grace_until_;
  auto earlier = [&](timestamp t) { first = first ? std::min(*first, t) : t; };
  for (auto& w : record_.wrap_ups) earlier(w.until);
  for (auto& [offer, r] : reservations_) earlier(r.expires_at);
  return first;
}

}  // namespace switchboard
