#include "tools/simulation/deployment_check.hpp"

#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {
namespace {

std::vector<std::string> texts_in(const wire_map& m, std::string_view list,
                                  std::string_view field) {
  std::vector<std::string> out;
  auto* o = m.find(list);
  if (!o || o->type != msgpack::type::ARRAY) return out;
  for (std::uint32_t i = 0; i < o->via.array.size; ++i) {
    out.push_back(wire_map::text_of(wire_map::find_in(o->via.array.ptr[i], field)));
  }
  return out;
}

template <class List, class X> bool holds(const List& list, const X& x) {
  return std::find(std::begin(list), std::end(list), x) != std::end(list);
}

template <class X> const X* named(const std::vector<X>& all, std::string_view id) {
  auto at = std::ranges::find_if(all, [&](auto& x) { return x.id.value == id; });
  return at == all.end() ? nullptr : &*at;
}

requirement need_of(const session_state& s) {
  requirement need;
  auto step = static_cast<std::size_t>(s.dispatch->step);
  if (step < s.dispatch->plan.steps.size()) need = s.dispatch->plan.steps[step].need;
  need.weight = s.weight;
  return need;
}

}  // namespace

agent_standing read_standing(const agent_id& id, std::string_view packed) {
  wire_map m(packed);
  agent_standing a{id,
                   m.text("state"),
                   static_cast<int>(m.number("capacity")),
                   static_cast<int>(m.number("used")),
                   {},
                   {},
                   {},
                   0,
                   {}};
  a.offers = texts_in(m, "offers", "session_id");
  a.offer_ids = texts_in(m, "offers", "offer_id");
  a.sessions = texts_in(m, "sessions", "session_id");
  a.wrap_ups = texts_in(m, "wrap_ups", "session_id").size();
  a.joined = texts_in(m, "joined", "session_id");
  return a;
}

void deployment_check::compare(const journal_checker& truth,
                               const std::vector<agent_standing>& agents) {
  std::map<std::string, std::set<std::string>> serving, offered, joined;
  for (auto& [id, page] : truth.sessions()) {
    auto& s = page.state;
    if (s.serving) serving[s.serving->agent.id].insert(id.text());
    if (s.offer) offered[s.offer->agent.id].insert(id.text());
    if (!s.participants) continue;
    if (auto& t = s.participants->transfer; t && t->offer)
      offered[t->offer->agent.id].insert(id.text());
    for (auto& p : s.participants->parties) joined[p.who.id].insert(id.text());
  }
  for (auto& a : agents) {
    auto& should = serving[a.id.value];
    for (auto& id : a.sessions) {
      if (!should.erase(id))
        found_.breach("I6", "agent " + a.id.value + " believes to serve " + id +
                                ", which does not know of it");
    }
    for (auto& id : should)
      found_.breach("I2",
                    "session " + id + " is served by " + a.id.value + ", who does not know of it");
    auto& offers = offered[a.id.value];
    for (auto& id : a.offers) {
      if (!offers.erase(id))
        found_.breach("I6",
                      "agent " + a.id.value + " is shown an offer of " + id + ", which is over");
    }
    for (auto& id : offers)
      found_.breach("I2",
                    "session " + id + " is offered to " + a.id.value + ", who does not know of it");
    auto& there = joined[a.id.value];
    for (auto& id : a.joined) {
      if (!there.erase(id))
        found_.breach("I6", "agent " + a.id.value + " believes to have joined " + id +
                                ", which does not know of it");
    }
    for (auto& id : there)
      found_.breach("I2",
                    "session " + id + " was joined by " + a.id.value + ", who does not know of it");
    if (a.gone) continue;
    if (a.used > a.capacity) {
      found_.breach("I1", "agent " + a.id.value + " counts " + std::to_string(a.used) + " of " +
                              std::to_string(a.capacity));
    }
    if (auto n = truth.used(a.id); a.used != n) {
      found_.breach(a.used < n ? "I1" : "I6", "agent " + a.id.value + " counts " +
                                                  std::to_string(a.used) + " in use, the records " +
                                                  std::to_string(n));
    }
  }
}

bool deployment_check::could_ever(const session_state& s, const group_id& group,
                                  const agent_standing& at, const journal_checker& truth) {
  auto* a = named(truth.config().agents, at.id.value);
  if (!a || at.state != "online" || !holds(a->groups, group)) return false;
  return std::ranges::all_of(need_of(s).skills, [&](auto& x) {
    auto it = a->skills.find(x.skill);
    return it != a->skills.end() && it->second >= x.level;
  });
}

namespace {

/// Who has handed it on to a group is not asked while the transfer goes on, whoever else is there.
bool has_handed_on(const session_state& s, const agent_id& who) {
  auto* t = s.participants && s.participants->transfer ? &*s.participants->transfer : nullptr;
  return t && t->mode == "cold" && t->to_agent.empty() && s.last_agent.id == who.value;
}

}  // namespace

bool deployment_check::everybody_asked(const session_state& s, const group_id& group,
                                       const std::vector<agent_standing>& agents,
                                       const journal_checker& truth) {
  return std::ranges::all_of(agents, [&](auto& a) {
    return !could_ever(s, group, a, truth) || holds(s.dispatch->asked, a.id) ||
           has_handed_on(s, a.id);
  });
}

bool deployment_check::eligible(const session_state& s, const group_id& group,
                                const agent_standing& at, timestamp now,
                                const journal_checker& truth) {
  if (!could_ever(s, group, at, truth) || at.capacity - at.used < s.weight ||
      truth.closed_by_hand(group))
    return false;
  if (has_handed_on(s, at.id)) return false;
  auto& plan = s.dispatch->plan;
  if (!plan.sticky.empty() && plan.sticky != at.id &&
      now <= truth.find(s.id)->since + plan.sticky_for)
    return false;
  // Room freed may be kept for a heavy item that has waited long (fill_after).
  for (auto& [id, page] : truth.sessions()) {
    auto& other = page.state;
    if (other.id == s.id || other.weight <= 1 || !other.dispatch) continue;
    auto* seeking = participants::seeking(other);
    if (other.phase != session_phase::waiting && !seeking) continue;
    if (holds(seeking ? seeking->groups : other.dispatch->groups, group)) {
      auto* g = named(truth.config().groups, group.value);
      if (g && now - page.opened >= g->fill_after) return false;
    }
  }
  return true;
}

void deployment_check::work_conserving(const journal_checker& truth,
                                       const std::vector<agent_standing>& agents, timestamp now,
                                       timestamp started) {
  if (now - started < millis{5'100}) return standing_since_.clear();
  std::map<std::pair<session_id, agent_id>, timestamp> standing;
  for (auto& [id, page] : truth.sessions()) {
    auto& s = page.state;
    if (s.phase != session_phase::waiting || !s.dispatch) continue;
    auto shut = [&](auto& g) {
      return truth.closed_by_hand(g) || !named(truth.config().groups, g.value);
    };
    if (std::ranges::all_of(s.dispatch->groups, shut)) {
      found_.breach("I6", "session " + id.text() + " waits where all is closed");
    }
    for (auto& g : s.dispatch->groups) {
      bool new_round = everybody_asked(s, g, agents, truth);
      for (std::size_t i = 0; i < agents.size(); ++i) {
        auto& a = agents[i];
        if (!new_round && holds(s.dispatch->asked, a.id)) continue;
        if (!eligible(s, g, a, now, truth)) continue;
        auto before = standing_since_.find({id, a.id});
        auto since = before == standing_since_.end() ? now : before->second;
        standing.emplace(std::pair{id, a.id}, since);
        if (now - since <= patience) continue;
        found_.breach(
            "I3", "session " + id.text() + " has waited " + std::to_string((now - since).count()) +
                      " ms in " + g.value + " while " + a.id.value + " has room (" +
                      std::to_string(agents[i].used) + " of " + std::to_string(agents[i].capacity) +
                      ", needs " + std::to_string(s.weight) + ")");
      }
    }
  }
  standing_since_ = std::move(standing);
}

/// Smaller leaves first, by the order the group declares; written apart from the queue's own
/// (waiting_queue.cpp).
std::int64_t deployment_check::rank(const journal_checker::session_page& page,
                                    const config::group_config& group) {
  auto& s = page.state;
  auto opened = unix_ms(page.opened);
  auto priority = std::max(s.dispatch->plan.priority, s.dispatch->bumped);
  if (group.order == config::queue_order::aged) return opened - 60'000ll * priority;
  return -(std::int64_t{priority} << 44) + opened;
}

void deployment_check::in_order(const journal_checker& truth,
                                const std::vector<agent_standing>& agents, timestamp now) {
  std::map<session_id, place_held> waits;
  for (auto& [id, page] : truth.sessions()) {
    auto& s = page.state;
    if (s.phase != session_phase::waiting || !s.dispatch) continue;
    auto before = waited_.find(id);
    bool still = before != waited_.end() && before->second.seq == s.seq;
    waits.emplace(id, still ? before->second : place_held{s.seq, 0});
  }
  // Nobody outside the group sees that a waiter was just being proposed to an agent who then
  // refused. All who go meanwhile pass it by that one proposal, so they count once; and a proposal
  // does not outlast the moment, so that the next look counts anew.
  std::set<session_id> passed_now;
  for (auto& [winner, since] : waited_) {
    auto& w = truth.find(winner)->state;
    if (!w.dispatch || (!w.offer && !w.serving)) continue;
    auto group = w.offer ? w.offer->group : w.serving->group;
    auto agent = agent_id{w.offer ? w.offer->agent.id : w.serving->agent.id};
    // A heavy one may have had its room kept, and a sticky one an agent of its own.
    auto a = std::ranges::find(agents, agent, &agent_standing::id);
    auto* in = named(truth.config().groups, group.value);
    if (a == agents.end() || !in || w.weight > 1 || w.dispatch->plan.sticky == agent) continue;
    for (auto& [id, held] : waits) {
      auto before = waited_.find(id);
      if (before == waited_.end() || before->second.seq != held.seq)
        continue;  // came, or was asked, meanwhile
      auto& o = truth.find(id)->state;
      if (!holds(o.dispatch->groups, group) || o.weight > w.weight ||
          holds(o.dispatch->asked, agent))
        continue;
      if (!o.dispatch->plan.sticky.empty() &&
          now <= truth.find(id)->since + o.dispatch->plan.sticky_for)
        continue;
      if (!could_ever(o, group, *a, truth)) continue;
      if (rank(*truth.find(id), *in) >= rank(*truth.find(winner), *in)) continue;
      if (passed_now.insert(id).second) ++held.overtaken;
      if (held.overtaken < overtakings_tolerated) continue;
      found_.breach("I4", "session " + winner.text() + " got " + agent.value + " in " +
                              group.value + " before session " + id.text() +
                              ", which stood before it and was passed over before");
    }
  }
  waited_ = std::move(waits);
}

void deployment_check::rights(const journal_checker& truth, timestamp now) {
  std::map<std::pair<session_id, agent_id>, timestamp> watching;
  for (auto& [id, page] : truth.sessions()) {
    auto& s = page.state;
    if (!s.participants || !s.serving) continue;
    for (auto& p : s.participants->parties) {
      if (holds_room(p.as) || team_tree::leads(truth.config(), p.who.id, s.serving->agent.id))
        continue;
      auto since = watching_since_.try_emplace({id, agent_id{p.who.id}}, now).first->second;
      watching.emplace(std::pair{id, agent_id{p.who.id}}, since);
      if (now - since <= patience) continue;
      found_.breach("R", "agent " + p.who.id + " goes on watching session " + id.text() + " of " +
                             s.serving->agent.id + " without leading who serves it");
    }
  }
  watching_since_ = std::move(watching);
}

void deployment_check::counters(const journal_checker& truth,
                                const std::array<std::int64_t, 7>& live, std::int64_t opened) {
  auto should = truth.by_phase();
  std::int64_t sum = 0;
  for (std::size_t p = 0; p < live.size(); ++p) {
    sum += live[p];
    // Those that were over before this life of the process are not counted in it.
    if (p >= static_cast<std::size_t>(session_phase::closed)) continue;
    if (live[p] != should[p]) {
      found_.breach("I7", std::to_string(live[p]) + " are counted as " +
                              std::string(to_string(static_cast<session_phase>(p))) +
                              ", the journal knows " + std::to_string(should[p]));
    }
  }
  if (sum != opened)
    found_.breach("I7", std::to_string(opened) + " were opened, " + std::to_string(sum) +
                            " are accounted for");
}

void deployment_check::settled(const journal_checker& truth,
                               const std::vector<agent_standing>& agents, timestamp wall) {
  for (auto& [id, page] : truth.sessions()) {
    auto p = page.state.phase;
    if (p == session_phase::identifying || p == session_phase::offered) {
      found_.breach("I6", "session " + id.text() + " is still " + std::string(to_string(p)));
    }
    auto& c = page.state.participants;
    if (c && c->snoozed_until && *c->snoozed_until <= wall)
      found_.breach("I6", "session " + id.text() + " is still put off");
    if (c && c->transfer)
      found_.breach("I6", "session " + id.text() + " is still being transferred");
  }
  compare(truth, agents);
  for (auto& a : agents) {
    auto who = "agent " + a.id.value;
    if (a.state == "reconnecting" || a.state == "draining")
      found_.breach("I6", who + " is still " + a.state);
    if (a.wrap_ups != 0) found_.breach("I6", who + " is still wrapping up");
    if (!a.offers.empty()) found_.breach("I6", who + " is still offered something");
  }
}

}  // namespace switchboard::simulation
