#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/dispatch_sections.hpp"
#include "config/quantity.hpp"
#include "config/time_of_day.hpp"
#include "config/zone_names.hpp"

namespace switchboard::config {
namespace {

constexpr std::array<std::string_view, 7> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<int> day_number(std::string_view name) {
  auto at = std::find(days.begin(), days.end(), name);
  if (at == days.end()) return {};
  return static_cast<int>(at - days.begin());
}

/// "mon" or "mon-fri", also over the week's end ("sat-mon"); empty when it is neither.
std::vector<int> days_of(std::string_view text) {
  auto dash = text.find('-');
  auto first = day_number(text.substr(0, dash));
  auto last = dash == std::string_view::npos ? first : day_number(text.substr(dash + 1));
  if (!first || !last) return {};
  std::vector<int> out{*first};
  while (out.back() != *last) out.push_back((out.back() + 1) % 7);
  return out;
}

}  // namespace

std::optional<int> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return {};
  auto hour = parse_integer(text.substr(0, 2)), minute = parse_integer(text.substr(3));
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59) return {};
  auto total = *hour * 60 + *minute;
  if (total > 24 * 60) return {};
  return static_cast<int>(total);
}

bool read_day_span(const yaml_value& value, calendar::span& out) {
  auto text = value.scalar();
  auto dash = text.find('-');
  auto from = minute_of_day(std::string_view(text).substr(0, dash));
  auto to = dash == std::string::npos ? std::nullopt
                                      : minute_of_day(std::string_view(text).substr(dash + 1));
  if (!from || !to) return value.refuse("expected opening hours such as \"09:00-18:00\"");
  if (*from >= *to) {
    return value.refuse("ends before it begins; split hours past midnight over two days");
  }
  out = {*from, *to};
  return true;
}

namespace {

bool overlaps(const std::vector<calendar::span>& spans, const calendar::span& one) {
  return std::any_of(spans.begin(), spans.end(), [&](const auto& s) {
    return s.from_minute < one.to_minute && one.from_minute < s.to_minute;
  });
}

void read_weekly(const yaml_value& value, calendar& out) {
  yaml_map week(value);
  for (const auto& [name, hours] : week.entries()) {
    auto which = days_of(name);
    if (which.empty()) {
      hours.refuse("expected a day or days such as mon or mon-fri");
      continue;
    }
    for (const auto& element : hours.one_or_list(24)) {
      calendar::span span;
      if (!read_day_span(element, span)) continue;
      for (int day : which) {
        if (overlaps(out.weekly[day], span)) {
          element.refuse("overlaps other hours on " + std::string(days[day]));
          break;
        }
        out.weekly[day].push_back(span);
      }
    }
  }
  for (auto& spans : out.weekly) {
    std::sort(spans.begin(), spans.end(),
              [](const auto& a, const auto& b) { return a.from_minute < b.from_minute; });
  }
}

}  // namespace

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  auto y = parse_integer(text.substr(0, 4)), m = parse_integer(text.substr(5, 2)),
       d = parse_integer(text.substr(8, 2));
  if (!y || !m || !d) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*y)),
                                     std::chrono::month(static_cast<unsigned>(*m)),
                                     std::chrono::day(static_cast<unsigned>(*d)))
      .ok();
}

namespace {

constexpr const char* zone_database = "/usr/share/zoneinfo";

/// The third column of tzdata's table of zones; empty where the system has none.
std::vector<std::string> zones(const std::filesystem::path& database) {
  std::vector<std::string> out{"UTC"};
  std::ifstream table(database / "zone1970.tab");
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream columns(line);
    std::string countries, place, zone;
    if (columns >> countries >> place >> zone) out.push_back(zone);
  }
  return out;
}

}  // namespace

std::string unknown_zone(const std::string& zone) {
  if (auto meant = meant_zone(zone); !meant.empty())
    return "unknown time zone \"" + zone + "\"; did you mean \"" + std::string(meant) + "\"?";
  return unknown_name("time zone", zone, zones(zone_database));
}

// A zone nobody knows would silently be UTC, and the contact center would open eight hours late.
void check_timezone(const yaml_value& value, const std::string& zone) {
  const std::filesystem::path database = zone_database;
  std::error_code ignored;
  bool formed = !zone.empty() && zone.front() != '/' && zone.find("..") == std::string::npos;
  if (zone == "UTC" || (formed && !std::filesystem::exists(database, ignored))) return;
  if (formed && std::filesystem::is_regular_file(database / zone, ignored)) return;
  value.refuse(unknown_zone(zone));
}

namespace {

calendar read_calendar(const std::string& id, const yaml_value& value) {
  calendar out{.id = id, .where = value.where()};
  yaml_map map(value);
  if (auto v = map.need("timezone"); v && v->text(out.timezone, 64)) {
    check_timezone(*v, out.timezone);
  }
  if (auto v = map.need("weekly")) read_weekly(*v, out);
  if (auto v = map.find("holidays")) {
    for (const auto& day : v->list(1000)) {
      if (is_date(day.scalar())) {
        out.holidays.push_back(day.scalar());
      } else {
        day.refuse("expected a date such as \"2026-10-01\"");
      }
    }
  }
  map.finish();
  return out;
}

}  // namespace

void read_calendars(const yaml_value& section, dispatch_config& out) {
  yaml_map map(section);
  for (const auto& [id, value] : map.entries()) out.calendars.push_back(read_calendar(id, value));
}

}  // namespace switchboard::config
