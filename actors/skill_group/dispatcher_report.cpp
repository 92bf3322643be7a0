#include <algorithm>
#include <functional>

#include "actors/skill_group/dispatcher_parts.hpp"
#include "runtime/base/span_text.hpp"

namespace switchboard {

using dispatcher::bin;
using dispatcher::nothing;

std::string_view to_string(clause c) {
  switch (c) {
    case clause::none:
      return "none";
    case clause::member:
      return "member";
    case clause::online:
      return "online";
    case clause::skill:
      return "skill";
    case clause::room:
      return "room";
    case clause::asked:
      return "asked";
    case clause::sticky:
      return "sticky";
    case clause::ramp:
      return "ramp";
    case clause::reserved_room:
      return "reserved_room";
  }
  return "unknown";
}

/// The clauses of eligibility one by one; the index finds the same by its own ways
/// (tests/property compares).
clause group_dispatcher::parts::first_failing(const dispatcher::agent_entry& a,
                                              std::uint32_t waiter, timestamp now) {
  auto& w = queue.at(waiter);
  if (!a.member) return clause::member;
  if (!a.online()) return clause::online;
  if (!fits.fits(w.signature, a.profile)) {
    return dispatcher::has_skills(w.what.need, a.view.skills) ? clause::room : clause::skill;
  }
  if (a.distrusted || a.room() < w.what.need.weight) return clause::room;
  if (query_of(w).has_asked(a.view.id)) return clause::asked;
  if (held_by_sticky(w, now) && w.what.sticky != a.view.id) return clause::sticky;
  if (a.ramp_until > now) return clause::ramp;
  if (!may_use_room(a, waiter)) return clause::reserved_room;
  return clause::none;
}

/// Those ahead with the same needs all go first; of the others only the share that these agents
/// will serve.
std::optional<wait_estimate> group_dispatcher::parts::eta(std::uint32_t slot) {
  auto& w = queue.at(slot);
  if (w.proposed ||
      (!w.blocked && w.bin == bin::pool && pick(slot, nullptr, nullptr).slot != nothing)) {
    return wait_estimate{};
  }
  auto mine = static_cast<double>(fits.online_for(w.signature));
  auto all = static_cast<double>(agents.online());
  auto equals = queue.position_among_equals(slot);
  auto ahead = queue.position(slot);
  auto others = ahead > equals + proposed ? ahead - equals - proposed : 0;
  auto share = all > 0 ? std::min(1.0, mine / all) : 1.0;
  return rate.until(1 + static_cast<double>(equals) + static_cast<double>(others) * share, mine);
}

namespace {

std::string needs_text(const requirement& need) {
  std::string text;
  for (auto& s : need.skills)
    text += (text.empty() ? "" : ", ") + s.skill + " " + std::to_string(s.level);
  return text.empty() ? "no skill" : text;
}

void name_unblocks(const queue_entry& c, timestamp now, explanation& e) {
  auto failing = [&](clause why) { return e.rejected_by[static_cast<std::size_t>(why)]; };
  auto agents = [](std::size_t n) {
    return n == 1 ? std::string("1 agent") : std::to_string(n) + " agents";
  };
  if (e.eligible_count > 0) {
    e.unblocks.push_back("nothing: " + agents(e.eligible_count) + " can take it now");
    return;
  }
  if (auto n = failing(clause::room)) {
    e.unblocks.push_back("room for " + std::to_string(c.need.weight) + " at one of " + agents(n));
  }
  if (!c.handed_on_by.empty()) {
    e.unblocks.push_back("somebody else than " + c.handed_on_by.value +
                         ", who has handed it on, or the end of the transfer");
  }
  if (auto n = failing(clause::asked)) {
    e.unblocks.push_back("the end of this round: " + agents(n) + " declined, missed or lost it");
  }
  if (failing(clause::sticky) > 0) {
    e.unblocks.push_back("the end of waiting for " + c.sticky.value + ", in " +
                         span_text(c.sticky_until - now));
  }
  if (auto n = failing(clause::ramp))
    e.unblocks.push_back("the next share of the minute at one of " + agents(n));
  if (auto n = failing(clause::reserved_room)) {
    e.unblocks.push_back("an older heavy item served first: it holds the room of " + agents(n));
  }
  if (auto n = failing(clause::online))
    e.unblocks.push_back("one of " + agents(n) + " coming online");
  e.unblocks.push_back("another agent online with " + needs_text(c.need) + " and room for " +
                       std::to_string(c.need.weight));
}

}  // namespace

explanation group_dispatcher::parts::explain(std::uint32_t slot, timestamp now) {
  auto& w = queue.at(slot);
  explanation e;
  e.position = queue.position(slot) + 1;
  e.state = w.proposed             ? explanation::standing::proposed
            : w.bin == bin::sticky ? explanation::standing::held_for_sticky
                                   : explanation::standing::waiting;
  e.rejected_by.assign(static_cast<std::size_t>(clause::reserved_room) + 1, 0);
  for (auto agent : agents.by_id()) {
    auto& a = agents.at(agent);
    auto why = first_failing(a, slot, now);
    ++e.rejected_by[static_cast<std::size_t>(why)];
    if (why == clause::none) {
      ++e.eligible_count;
      if (e.eligible.size() < decision::max_rejected) e.eligible.push_back(a.view.id);
    } else if (e.rejected.size() < decision::max_rejected) {
      e.rejected.push_back({a.view.id, why});
    }
  }
  e.rejected_by[0] = 0;
  name_unblocks(w.what, now, e);
  return e;
}

std::optional<timestamp> group_dispatcher::parts::first_deadline() {
  while (!deadlines.empty()) {
    auto& d = deadlines.front();
    bool stands = d.agent ? agents.at(d.slot).generation == d.generation &&
                                agents.at(d.slot).ramp_until == d.at
                          : queue.live(d.slot, d.generation);
    if (stands) return d.at;
    std::pop_heap(deadlines.begin(), deadlines.end(), std::greater<>{});
    deadlines.pop_back();
  }
  return {};
}

void group_dispatcher::parts::reconfigure(config::group_config o, timestamp now) {
  bool reordered = o.order != options.order;
  bool other_strategy = o.strategy != options.strategy;
  options = std::move(o);
  std::vector<std::uint32_t> all;
  queue.scan([&](const dispatcher::place_entry& e) {
    all.push_back(e.slot);
    return true;
  });
  if (other_strategy) {
    fits.set_graded(dispatcher::rule_of(options.strategy).graded);
    agents.set_rule(dispatcher::rule_of(options.strategy));
  }
  if (reordered) {
    for (auto slot : all) set_due(slot, dispatcher::due_state::no);
    queue.reorder(options.order);
  }
  for (auto slot : all) {
    refresh_waiter(slot, now);
    mark_waiter_fresh(slot);
  }
  for (auto slot : agents.by_id()) {
    refresh_agent(slot, now);
    mark_agent_fresh(slot);
  }
}

}  // namespace switchboard
