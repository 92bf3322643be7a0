#include "actors/configuration/configuration_change.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace switchboard {
namespace {

const std::string& key_of(const config::group_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::agent_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::channel_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::calendar& x) {
  return x.id;
}
const std::string& key_of(const config::rule_config& x) {
  return x.name;
}

template <class T, class Same>
changed_names compare(const std::vector<T>& before, const std::vector<T>& after, Same&& same) {
  std::unordered_map<std::string, const T*> old;
  for (auto& x : before) old.emplace(key_of(x), &x);
  changed_names out;
  for (auto& x : after) {
    const auto at = old.find(key_of(x));
    if (at == old.end()) {
      out.added.push_back(key_of(x));
      continue;
    }
    if (!same(*at->second, x)) out.changed.push_back(key_of(x));
    old.erase(at);
  }
  // In the order of the configuration before, so that the same change always reads the same.
  for (auto& x : before) {
    if (old.contains(key_of(x))) out.removed.push_back(key_of(x));
  }
  return out;
}

template <class T>
changed_names compare(const std::vector<T>& before, const std::vector<T>& after) {
  return compare(before, after, [](const T& a, const T& b) { return a == b; });
}

/// Who is in each group, best first, by the names customers see.
using rosters = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;
rosters rosters_of(const config::dispatch_config& c) {
  rosters out;
  for (auto& a : c.agents) {
    for (auto& g : a.groups) out[g.value].emplace_back(a.id.value, a.name);
  }
  return out;
}

const config::calendar* calendar_of(const config::dispatch_config& c, const std::string& id) {
  const auto at = std::ranges::find(c.calendars, id, &config::calendar::id);
  return at == c.calendars.end() ? nullptr : &*at;
}

bool same_hours(const config::dispatch_config& before, const config::dispatch_config& after,
                const std::string& id) {
  const auto* a = calendar_of(before, id);
  const auto* b = calendar_of(after, id);
  return a == b || (a && b && *a == *b);
}

void add_lines(const changed_names& names, const char* what, std::vector<std::string>& out) {
  for (auto& n : names.added) out.push_back(std::string(what) + " " + n + ": added");
  for (auto& n : names.changed) out.push_back(std::string(what) + " " + n + ": changed");
  for (auto& n : names.removed) out.push_back(std::string(what) + " " + n + ": removed");
}

}  // namespace

configuration_change change_between(const config::dispatch_config& before,
                                    const config::dispatch_config& after) {
  configuration_change out;
  auto old_rosters = rosters_of(before), new_rosters = rosters_of(after);
  out.groups = compare(before.groups, after.groups, [&](auto& a, auto& b) {
    return a == b && same_hours(before, after, a.calendar) &&
           old_rosters[a.id.value] == new_rosters[a.id.value];
  });
  out.agents = compare(before.agents, after.agents);
  out.disabled = compare(before.disabled_agents, after.disabled_agents);
  out.calendars = compare(before.calendars, after.calendars);
  out.channels = compare(before.channels, after.channels);
  out.rules = compare(before.rules, after.rules);
  out.reordered = out.rules.empty() && before.rules != after.rules;
  out.texts = before.texts != after.texts || before.channel_texts != after.channel_texts;
  out.session = before.session != after.session;
  out.admins = before.admin_tokens != after.admin_tokens;
  return out;
}

std::vector<std::string> lines_of(const configuration_change& c) {
  constexpr std::size_t most = 200;
  std::vector<std::string> out;
  add_lines(c.calendars, "calendar", out);
  add_lines(c.groups, "group", out);
  add_lines(c.channels, "channel", out);
  add_lines(c.agents, "agent", out);
  add_lines(c.disabled, "disabled agent", out);
  add_lines(c.rules, "rule", out);
  if (c.reordered) out.push_back("rules: another order");
  if (c.texts) out.push_back("texts: changed");
  if (c.session) out.push_back("session: changed");
  if (c.admins) out.push_back("admin_tokens: changed");
  if (out.size() > most) {
    const auto more = out.size() - most;
    out.resize(most);
    out.push_back("and " + std::to_string(more) + " more");
  }
  return out;
}

}  // namespace switchboard
