#include <algorithm>
#include <cstdio>

#include "config/time_of_day.hpp"
#include "runtime/cel/time_zone.hpp"
#include "tools/whatif/model_sections.hpp"

namespace switchboard::whatif {
namespace {

using config::yaml_map;
using config::yaml_value;
using span = config::calendar::span;

std::vector<std::string> agent_names(const deployment_model& m) {
  std::vector<std::string> out;
  for (const auto& a : m.dispatch.agents) out.push_back(a.id.value);
  return out;
}

/// Minutes since 1970 of a wall clock, whatever its zone.
std::int64_t wall_minutes(const cel::wall_time& w) {
  using namespace std::chrono;
  const auto day =
      year_month_day(year(static_cast<int>(w.year)), month(static_cast<unsigned>(w.month) + 1),
                     std::chrono::day(static_cast<unsigned>(w.day_of_month)));
  return sys_days(day).time_since_epoch().count() * 1440 + w.hour * 60 + w.minute;
}

/// Joins what touches, in order.
void join(agent_hours& hours) {
  std::ranges::sort(hours, {}, &span::from_minute);
  agent_hours out;
  for (const auto& s : hours) {
    if (!out.empty() && s.from_minute <= out.back().to_minute) {
      out.back().to_minute = std::max(out.back().to_minute, s.to_minute);
    } else {
      out.push_back(s);
    }
  }
  hours = std::move(out);
}

void read_named(yaml_map& map, const yaml_value& agents, deployment_model& out,
                const std::map<std::string, std::string>& like) {
  agent_hours hours;
  if (auto v = map.need("hours")) {
    for (const auto& one : v->one_or_list(24)) {
      if (span s; config::read_day_span(one, s)) hours.push_back(s);
    }
  }
  const auto known = agent_names(out);
  for (const auto& one : agents.one_or_list()) {
    std::string name;
    if (!one.reference(name, "agent", known)) continue;
    for (std::size_t i = 0; i < known.size(); ++i) {
      const auto copy = like.find(known[i]);
      if (known[i] != name && (copy == like.end() || copy->second != name)) continue;
      out.hours[i].insert(out.hours[i].end(), hours.begin(), hours.end());
    }
  }
}

/// So many of a group are there in each hour: the first in the order of the dispatch file.
void read_counted(yaml_map& map, const yaml_value& group, deployment_model& out) {
  std::vector<std::string> groups;
  for (const auto& g : out.dispatch.groups) groups.push_back(g.id.value);
  std::string name;
  const auto* online = map.need("online");
  if (!group.reference(name, "group", groups) || !online) return;
  const auto counts = online->one_or_list(24);
  if (counts.size() != 1 && counts.size() != 24) {
    online->refuse("expected one number, or 24: one for each hour of the day");
    return;
  }
  for (int hour = 0; hour < 24; ++hour) {
    const auto& value = counts[counts.size() == 1 ? 0 : static_cast<std::size_t>(hour)];
    int left = 0;
    if (!value.integer(left, 0, 100'000)) return;
    const int wanted = left;
    for (std::size_t i = 0; i < out.dispatch.agents.size() && left > 0; ++i) {
      const auto& in = out.dispatch.agents[i].groups;
      if (std::ranges::find(in, group_id(name)) == in.end()) continue;
      out.hours[i].push_back({hour * 60, hour * 60 + 60});
      --left;
    }
    if (left > 0) {
      value.refuse("\"" + name + "\" has only " + std::to_string(wanted - left) +
                   " agents; \"hire\" adds some");
      return;
    }
  }
}

}  // namespace

void read_hires(const yaml_value& section, deployment_model& out,
                std::map<std::string, std::string>& like) {
  auto known = agent_names(out);
  for (const auto& one : section.list(1000)) {
    yaml_map map(one);
    std::string name;
    int count = 1;
    if (auto v = map.need("like")) v->reference(name, "agent", known);
    if (auto v = map.find("count")) v->integer(count, 1, 10'000);
    map.finish();
    if (name.empty()) continue;
    const auto model =
        std::ranges::find(out.dispatch.agents, agent_id(name), &config::agent_config::id);
    const auto copy = *model;
    for (int number = 2; count > 0; ++number) {
      const auto id = name + "_" + std::to_string(number);
      if (std::ranges::find(known, id) != known.end()) continue;
      known.push_back(id);
      auto& made = out.dispatch.agents.emplace_back(copy);
      made.id = agent_id(id);
      made.name = id;
      like[id] = name;
      --count;
    }
  }
}

void read_staffing(const yaml_value& section, deployment_model& out,
                   const std::map<std::string, std::string>& like) {
  for (const auto& one : section.list()) {
    yaml_map map(one);
    const auto *agents = map.find("agents"), *group = map.find("group");
    if (agents && !group) {
      read_named(map, *agents, out, like);
    } else if (group && !agents) {
      read_counted(map, *group, out);
    } else {
      one.refuse("expected {agents, hours} or {group, online}");
    }
    map.finish();
  }
  for (auto& h : out.hours) join(h);
}

timestamp moment_at(const std::string& date, int minute, const std::string& zone) {
  int y = 1970;
  unsigned m = 1, d = 1;
  std::sscanf(date.c_str(), "%d-%u-%u", &y, &m, &d);
  using namespace std::chrono;
  const auto days = sys_days(year_month_day(year(y), month(m), day(d)));
  const std::int64_t wanted = days.time_since_epoch().count() * 1440 + minute;
  // Once for the zone's offset there, once more where a change of summer time lies between.
  auto at = wanted;
  for (int i = 0; i < 2; ++i) {
    const auto wall = cel::wall_time_in(cel::instant::from(from_unix_ms(at * 60'000)), zone);
    if (wall) at += wanted - wall_minutes(*wall);
  }
  return from_unix_ms(at * 60'000);
}

bool read_start(const yaml_value& value, deployment_model& out) {
  std::string text;
  if (!value.text(text)) return false;
  const auto date = text.substr(0, 10);
  const auto time = text.size() > 11 ? text.substr(11) : std::string("00:00");
  const auto minute = config::minute_of_day(time);
  const bool joined = text.size() <= 10 || text[10] == ' ' || text[10] == 'T';
  if (!config::is_date(date) || !joined || !minute || *minute == 24 * 60) {
    return value.refuse("expected a day and time such as \"2026-11-02 08:00\"");
  }
  out.start_minute = *minute;
  out.start = moment_at(date, *minute, out.timezone);
  return true;
}

}  // namespace switchboard::whatif
