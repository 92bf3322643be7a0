#include "actors/agent/agent_policy.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace switchboard {
namespace {

const config::group_config* find_group(const config::dispatch_config& all, const group_id& id) {
  return config::group_now(all, id);
}

error unknown(const std::string& field, const std::string& what, const std::string& name,
              const std::vector<std::string>& known) {
  const auto near = nearest_name(name, known);
  return {errc::not_found,
          field + ": there is no such " + what +
              (near.empty() ? "" : "; did you mean \"" + near + "\"?"),
          field,
          {},
          0,
          {}};
}

}  // namespace

std::optional<agent_status> status_named(std::string_view text) {
  for (auto s : {agent_status::online, agent_status::away, agent_status::busy,
                 agent_status::draining, agent_status::offline}) {
    if (to_string(s) == text) return s;
  }
  return std::nullopt;
}

std::string reason_refused(const config::dispatch_config& all, agent_status wanted,
                           const std::string& reason) {
  const auto& known = all.session.away_reasons;
  const bool asks = wanted == agent_status::away || wanted == agent_status::busy;
  if (!asks || known.empty() || std::ranges::find(known, reason) != known.end()) return {};
  std::string names;
  for (auto& r : known) names += (names.empty() ? "" : ", ") + r;
  return "reason: expected one of " + names;
}

std::optional<error> move_refused(const config::dispatch_config& all, const agent_id& from,
                                  const std::string& to_group, const std::string& to_agent) {
  std::vector<std::string> known;
  if (!to_group.empty() && !config::group_now(all, group_id{to_group})) {
    for (auto& g : all.groups) known.push_back(g.id.value);
    return unknown("to_group", "group", to_group, known);
  }
  if (to_agent.empty()) return {};
  if (to_agent == from.value) {
    return error{errc::invalid_argument,
                 "to_agent: they are " + to_agent + "'s already",
                 "to_agent",
                 {},
                 0,
                 {}};
  }
  if (std::ranges::find(all.agents, agent_id{to_agent}, &config::agent_config::id) !=
      all.agents.end())
    return {};
  for (auto& a : all.agents) known.push_back(a.id.value);
  return unknown("to_agent", "agent", to_agent, known);
}

std::vector<agent_payload> events_of_miss(const config::dispatch_config& all, const agent_record& r,
                                          const group_id& group, const session_id& session) {
  const auto* g = find_group(all, group);
  const int limit = g ? g->offer.missed_limit : 0;
  const int in_a_row = r.missed_in_a_row + 1;
  std::vector<agent_payload> events{agent_event::offer_missed{session, in_a_row}};
  if (limit > 0 && in_a_row >= limit && r.status == agent_status::online) {
    constexpr agent_status states[] = {agent_status::away, agent_status::busy,
                                       agent_status::offline};
    events.push_back(agent_event::presence_changed{
        states[static_cast<int>(g->offer.then)], "missed offers", {}});
  }
  return events;
}

millis wrap_up_time(const config::dispatch_config& all, const group_id& group) {
  const auto* g = find_group(all, group);
  return g && g->wrap_up.mode != config::wrap_up_mode::none ? g->wrap_up.time : millis{0};
}

std::optional<wrap_up> wrap_up_after(const config::dispatch_config& all, const session_id& session,
                                     const agent_machine::held& held, timestamp now) {
  const auto* g = find_group(all, held.group);
  if (!g || g->wrap_up.mode == config::wrap_up_mode::none) return {};
  return wrap_up{session, held.group, now + g->wrap_up.time,
                 g->wrap_up.holds_capacity && !held.snoozed_until ? held.weight : 0};
}

}  // namespace switchboard
