#include "reference_dispatcher.hpp"

#include <algorithm>

namespace switchboard::test {
namespace {

bool holds(const std::vector<agent_id>& list, const agent_id& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

}  // namespace

bool reference_dispatcher::before(const queue_entry& a, const queue_entry& b) const {
  if (options.order == config::queue_order::aged) {
    auto ka = a.opened_at - millis{60'000} * a.priority,
         kb = b.opened_at - millis{60'000} * b.priority;
    return ka != kb ? ka < kb : a.session < b.session;
  }
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.opened_at != b.opened_at ? a.opened_at < b.opened_at : a.session < b.session;
}

std::vector<session_id> reference_dispatcher::order() const {
  std::vector<const queue_entry*> all;
  for (auto& [id, w] : waiters) all.push_back(&w.what);
  std::sort(all.begin(), all.end(), [&](auto* a, auto* b) { return before(*a, *b); });
  std::vector<session_id> ids;
  for (auto* c : all) ids.push_back(c->session);
  return ids;
}

bool reference_dispatcher::fits(const queue_entry& c, const agent_view& v) {
  if (v.capacity < c.need.weight) return false;
  for (auto& s : c.need.skills) {
    bool has = std::any_of(v.skills.begin(), v.skills.end(),
                           [&](auto& k) { return k.skill == s.skill && k.level >= s.level; });
    if (!has) return false;
  }
  return true;
}

bool reference_dispatcher::held(const waiter& w, timestamp now) const {
  auto a = agents.find(w.what.sticky);
  return a != agents.end() && w.what.sticky_until > now &&
         a->second.view.status == agent_status::online && fits(w.what, a->second.view) &&
         !holds(w.what.asked, w.what.sticky);
}

bool reference_dispatcher::in_pool(const waiter& w, timestamp now) const {
  return !w.proposed && !w.what.rings && w.parked_until <= now && !held(w, now);
}

bool reference_dispatcher::eligible(const waiter& w, const agent& a, timestamp now) const {
  if (a.view.status != agent_status::online || a.distrusted || a.ramp_until > now) return false;
  if (a.view.capacity - a.view.used - a.unseen < w.what.need.weight || !fits(w.what, a.view))
    return false;
  if (holds(w.what.asked, a.view.id)) return false;
  if (held(w, now) && w.what.sticky != a.view.id) return false;
  for (auto& r : reserved_) {
    if (r.agent == a.view.id && r.session != w.what.session &&
        !before(w.what, waiters.at(r.session).what))
      return false;
  }
  return true;
}

bool reference_dispatcher::prefers(const queue_entry& c, const agent& a, const agent& b) const {
  auto last = [](const agent& x) {
    return x.in_flight + x.settled > 0 ? std::max(x.view.last_assigned, x.proposed_at)
                                       : x.view.last_assigned;
  };
  auto today = [](const agent& x) { return x.view.assigned_today + x.in_flight + x.settled; };
  auto idle = [&](const agent& x) { return std::max(last(x), x.view.online_since); };
  auto grade = [&](const agent& x) {
    int sum = 0;
    for (auto& s : c.need.skills) {
      for (auto& k : x.view.skills) sum += k.skill == s.skill ? k.level : 0;
    }
    return sum;
  };
  switch (options.strategy) {
    case config::strategy::longest_idle:
      if (idle(a) != idle(b)) return idle(a) < idle(b);
      break;
    case config::strategy::least_loaded: {
      auto l = (a.view.used + a.unseen) * b.view.capacity,
           r = (b.view.used + b.unseen) * a.view.capacity;
      if (l != r) return l < r;
      break;
    }
    case config::strategy::round_robin: {
      bool wraps_a = !(cursor < a.view.id), wraps_b = !(cursor < b.view.id);
      return wraps_a != wraps_b ? wraps_b : a.view.id < b.view.id;
    }
    case config::strategy::fewest_today:
      if (today(a) != today(b)) return today(a) < today(b);
      break;
    case config::strategy::best_skill:
      if (grade(a) != grade(b)) return grade(a) > grade(b);
      break;
    case config::strategy::top_down:
      return a.view.id < b.view.id;
    case config::strategy::random:
      break;
  }
  return last(a) != last(b) ? last(a) < last(b) : a.view.id < b.view.id;
}

std::vector<agent_id> reference_dispatcher::ranked(const waiter& w, timestamp now) const {
  std::vector<const agent*> can;
  for (auto& [id, a] : agents) {
    if (eligible(w, a, now)) can.push_back(&a);
  }
  std::sort(can.begin(), can.end(), [&](auto* a, auto* b) { return prefers(w.what, *a, *b); });
  std::vector<agent_id> ids;
  for (auto* a : can) ids.push_back(a->view.id);
  return ids;
}

bool reference_dispatcher::enter(const queue_entry& c, timestamp now, bool returning) {
  if (waiters.contains(c.session)) {
    update(c, now);
    return true;
  }
  if (!returning && waiters.size() >= static_cast<std::size_t>(options.queue_max)) return false;
  waiters[c.session].what = c;
  return true;
}

void reference_dispatcher::update(const queue_entry& c, timestamp now) {
  auto& w = waiters.at(c.session);
  std::erase_if(reserved_, [&](auto& r) { return r.session == c.session; });
  bool cleared = std::any_of(w.forgiven.begin(), w.forgiven.end(),
                             [&](auto& id) { return !holds(c.asked, id); });
  std::vector<agent_id> asked;
  for (auto& id : c.asked) {
    if (cleared || !holds(w.forgiven, id) || holds(w.what.asked, id) || id == c.handed_on_by)
      asked.push_back(id);
  }
  if (cleared) w.forgiven.clear();
  if (cleared || !asked.empty()) w.new_round = false;
  w.what = c;
  w.what.asked = asked;
  w.parked_until = {};
  drop_reservations(now);
}

void reference_dispatcher::leave(const session_id& s, timestamp now) {
  auto& w = waiters.at(s);
  if (w.proposed) give_back(w, false);
  std::erase_if(reserved_, [&](auto& r) { return r.session == s; });
  waiters.erase(s);
  drop_reservations(now);
}

bool reference_dispatcher::agent_changed(const agent_view& v, timestamp now) {
  auto at = agents.find(v.id);
  if (at != agents.end() && v.rev <= at->second.view.rev) return false;
  auto& a = agents[v.id];
  if (at == agents.end()) a.incarnation = ++incarnations_;
  a.view = v;
  a.unseen = a.settled = 0;
  a.distrusted = false;
  drop_reservations(now);
  return true;
}

void reference_dispatcher::agent_gone(const agent_id& id, timestamp now) {
  std::erase_if(reserved_, [&](auto& r) { return r.agent == id; });
  agents.erase(id);
  drop_reservations(now);
}

void reference_dispatcher::propose(const session_id& s, const agent_id& id, timestamp now) {
  auto& w = waiters.at(s);
  auto& a = agents.at(id);
  w.proposed = true;
  w.by = id;
  w.by_incarnation = a.incarnation;
  w.by_rev = a.view.rev;
  w.by_weight = w.what.need.weight;
  w.ramp_before = a.ramp_until;
  if (options.ramp_per_agent_per_minute > 0)
    a.ramp_until = now + millis{60'000 / options.ramp_per_agent_per_minute};
  w.ramp_after = a.ramp_until;
  if (options.strategy == config::strategy::round_robin) {
    w.cursor_before = cursor;
    cursor = id;
  }
  a.unseen += w.what.need.weight;
  a.in_flight += 1;
  a.proposed_at = now;
  drop_reservations(now);
}

void reference_dispatcher::give_back(waiter& w, bool rang) {
  auto at = agents.find(w.by);
  if (at == agents.end() || at->second.incarnation != w.by_incarnation) return;
  auto& a = at->second;
  a.in_flight -= 1;
  if (a.view.rev == w.by_rev) a.unseen -= w.by_weight;
  if (!rang && a.ramp_until == w.ramp_after) a.ramp_until = w.ramp_before;
  if (!rang && options.strategy == config::strategy::round_robin && cursor == w.by)
    cursor = w.cursor_before;
}

void reference_dispatcher::taken(const session_id& s, const std::optional<agent_view>& fresh,
                                 timestamp now) {
  auto w = waiters.at(s);
  waiters.erase(s);
  if (fresh) agent_changed(*fresh, now);
  auto at = agents.find(w.by);
  if (at == agents.end() || at->second.incarnation != w.by_incarnation) return;
  at->second.in_flight -= 1;
  if (at->second.view.rev == w.by_rev) at->second.settled += 1;
}

void reference_dispatcher::failed(const session_id& s, proposal_failure why,
                                  const std::optional<agent_view>& fresh, timestamp now) {
  if (fresh) agent_changed(*fresh, now);
  auto& w = waiters.at(s);
  bool rang = why != proposal_failure::agent_refused && why != proposal_failure::session_refused;
  auto at = agents.find(w.by);
  if (why == proposal_failure::agent_refused && at != agents.end() &&
      at->second.incarnation == w.by_incarnation && at->second.view.rev == w.by_rev) {
    at->second.distrusted = true;
  }
  give_back(w, rang);
  w.proposed = false;
  if (rang && !holds(w.what.asked, w.by)) w.what.asked.push_back(w.by);
  if (why == proposal_failure::session_refused) w.parked_until = now + millis{1'000};
}

void reference_dispatcher::drop_reservations(timestamp now) {
  std::erase_if(reserved_, [&](auto& r) {
    auto w = waiters.find(r.session);
    return w == waiters.end() || !in_pool(w->second, now);
  });
}

void reference_dispatcher::settle(timestamp now) {
  for (auto& [id, w] : waiters) {
    if (w.proposed || w.what.asked.empty()) continue;
    std::size_t could = 0, asked = 0, givers = 0;
    for (auto& [name, a] : agents) {
      if (a.view.status != agent_status::online || !fits(w.what, a.view)) continue;
      ++could;
      asked += holds(w.what.asked, name);
      givers += name == w.what.handed_on_by && holds(w.what.asked, name);
    }
    if (could == givers || asked < could) continue;
    for (auto& a : w.what.asked) {
      if (a != w.what.handed_on_by) w.forgiven.push_back(a);
    }
    std::erase_if(w.what.asked, [&](auto& a) { return a != w.what.handed_on_by; });
    w.new_round = true;
  }
  drop_reservations(now);
  std::erase_if(reserved_, [&](auto& r) {
    auto& w = waiters.at(r.session);
    auto& a = agents.at(r.agent);
    bool leads = a.view.status == agent_status::online && fits(w.what, a.view) &&
                 !holds(w.what.asked, a.view.id);
    if (leads && r.until > now) return false;
    if (leads) w.reserve_not_before = now + options.fill_after;
    return true;
  });
  std::size_t online = 0;
  for (auto& [name, a] : agents) online += a.view.status == agent_status::online;
  auto most = std::min<std::size_t>(16, std::max<std::size_t>(1, (online + 9) / 10));
  for (auto& id : order()) {
    if (reserved_.size() >= most) return;
    auto& w = waiters.at(id);
    bool has_one =
        std::any_of(reserved_.begin(), reserved_.end(), [&](auto& r) { return r.session == id; });
    if (has_one || w.what.need.weight < 2 || !in_pool(w, now) ||
        w.what.opened_at + options.fill_after > now || w.reserve_not_before > now ||
        !ranked(w, now).empty()) {
      continue;
    }
    const agent* best = nullptr;
    for (auto& [name, a] : agents) {
      bool kept =
          std::any_of(reserved_.begin(), reserved_.end(), [&](auto& r) { return r.agent == name; });
      if (kept || a.view.status != agent_status::online || !fits(w.what, a.view) ||
          holds(w.what.asked, name))
        continue;
      auto room = [](const agent& x) { return x.view.capacity - x.view.used - x.unseen; };
      if (!best || room(a) > room(*best) ||
          (room(a) == room(*best) && a.view.last_assigned < best->view.last_assigned)) {
        best = &a;
      }
    }
    if (best) reserved_.push_back({id, best->view.id, now + options.fill_after * 10});
  }
}

std::optional<reference_dispatcher::choice> reference_dispatcher::next(timestamp now) {
  if (!open) return {};
  settle(now);
  for (auto& id : order()) {
    auto& w = waiters.at(id);
    if (w.proposed || w.what.rings || w.parked_until > now) continue;
    auto can = ranked(w, now);
    if (can.empty()) continue;
    choice c{id, can[0], {}, can};
    if (can.size() > 1) c.runner_up = can[1];
    return c;
  }
  return {};
}

std::optional<queue_entry> reference_dispatcher::head_for(const agent_id& id, timestamp now) {
  if (!open) return {};
  settle(now);
  auto a = agents.find(id);
  if (a == agents.end()) return {};
  for (auto& s : order()) {
    auto& w = waiters.at(s);
    if (!w.proposed && !w.what.rings && w.parked_until <= now && eligible(w, a->second, now))
      return w.what;
  }
  return {};
}

}  // namespace switchboard::test
