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
const std::string& key_of(const config::mining_rule_config& x) {
  return x.name;
}
const std::string& key_of(const config::team_config& x) {
  return x.id;
}
const std::string& key_of(const config::form_config& x) {
  return x.id;
}
const std::string& key_of(const config::word_list& x) {
  return x.id;
}
const std::string& key_of(const config::canned_reply& x) {
  return x.id;
}
const std::string& key_of(const config::profile_field_config& x) {
  return x.id;
}
const std::string& key_of(const config::lead_stage_config& x) {
  return x.id;
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

/// The sections that are no lists of things with ids.
std::vector<std::string> changed_sections(const config::dispatch_config& before,
                                          const config::dispatch_config& after) {
  std::vector<std::string> out;
  auto note = [&](const char* section, bool same) {
    if (!same) out.emplace_back(section);
  };
  auto &a = before.reception, &b = after.reception;
  note("texts", before.texts == after.texts && before.channel_texts == after.channel_texts);
  note("input", a.input == b.input);
  note("alerts", a.alerts == b.alerts && a.team_alerts == b.team_alerts);
  note("attachments", a.attachments == b.attachments);
  note("rating", a.rating == b.rating);
  note("session", before.session == after.session);
  note("admin_tokens", before.admin_tokens == after.admin_tokens);
  return out;
}

}  // namespace

bool configuration_change::empty() const {
  for (auto* names : {&groups, &agents, &disabled, &calendars, &channels, &rules, &teams, &forms, &word_lists,
                      &canned_replies, &profile_fields, &lead_stages, &mining}) {
    if (!names->empty()) return false;
  }
  return sections.empty() && reordered.empty();
}

configuration_change change_between(const config::dispatch_config& before,
                                    const config::dispatch_config& after) {
  configuration_change out;
  auto by_id = [&](const char* section, const auto& a, const auto& b) {
    auto names = compare(a, b);
    if (names.empty() && a != b) out.reordered.emplace_back(section);
    return names;
  };
  auto old_rosters = rosters_of(before), new_rosters = rosters_of(after);
  out.groups = compare(before.groups, after.groups, [&](auto& a, auto& b) {
    return a == b && same_hours(before, after, a.calendar) &&
           old_rosters[a.id.value] == new_rosters[a.id.value];
  });
  if (out.groups.empty() && before.groups != after.groups) out.reordered.emplace_back("groups");
  out.calendars = by_id("calendars", before.calendars, after.calendars);
  out.channels = by_id("channels", before.channels, after.channels);
  out.agents = by_id("agents", before.agents, after.agents);
  out.disabled = by_id("disabled agents", before.disabled_agents, after.disabled_agents);
  out.teams = by_id("teams", before.teams, after.teams);
  out.rules = by_id("rules", before.rules, after.rules);
  auto &a = before.reception, &b = after.reception;
  out.forms = by_id("forms", a.forms, b.forms);
  out.word_lists = by_id("word_lists", a.word_lists, b.word_lists);
  out.canned_replies = by_id("canned_replies", a.canned_replies, b.canned_replies);
  out.profile_fields = by_id("profile_fields", before.profile_fields, after.profile_fields);
  out.lead_stages = by_id("lead_stages", before.lead_stages, after.lead_stages);
  out.mining = by_id("mining", before.mining, after.mining);
  out.sections = changed_sections(before, after);
  return out;
}

std::vector<std::string> lines_of(const configuration_change& c) {
  constexpr std::size_t most = 200;
  std::vector<std::string> out;
  add_lines(c.calendars, "calendar", out);
  add_lines(c.groups, "group", out);
  add_lines(c.channels, "channel", out);
  add_lines(c.agents, "agent", out);
  add_lines(c.teams, "team", out);
  add_lines(c.disabled, "disabled agent", out);
  add_lines(c.rules, "rule", out);
  add_lines(c.forms, "form", out);
  add_lines(c.word_lists, "word list", out);
  add_lines(c.canned_replies, "canned reply", out);
  add_lines(c.profile_fields, "profile field", out);
  add_lines(c.lead_stages, "lead stage", out);
  add_lines(c.mining, "mining rule", out);
  for (auto& list : c.reordered) out.push_back(list + ": another order");
  for (auto& section : c.sections) out.push_back(section + ": changed");
  if (out.size() > most) {
    const auto more = out.size() - most;
    out.resize(most);
    out.push_back("and " + std::to_string(more) + " more");
  }
  return out;
}

}  // namespace switchboard
