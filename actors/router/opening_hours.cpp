#include "actors/router/opening_hours.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "runtime/cel/time_zone.hpp"

namespace switchboard {
namespace {

std::string date_of(const cel::wall_time& wall) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(wall.year) % 10'000,
                wall.month % 12 + 1, wall.day_of_month % 100);
  return text;
}

}  // namespace

bool is_open(const config::calendar& hours, timestamp at) {
  const auto wall = cel::wall_time_in(cel::instant::from(at), hours.timezone);
  if (!wall) return true;
  if (std::ranges::find(hours.holidays, date_of(*wall)) != hours.holidays.end()) return false;
  // The engine's week begins on Sunday, the calendar's on Monday.
  const auto& spans = hours.weekly[(wall->day_of_week + 6) % 7];
  const int minute = wall->hour * 60 + wall->minute;
  return std::ranges::any_of(spans, [&](const config::calendar::span& s) {
    return s.from_minute <= minute && minute < s.to_minute;
  });
}

namespace {

/// All moments of a calendar's day at which something may change: its beginning, and the ends of
/// its spans.
void add_edges(const config::calendar& hours, std::int64_t day, std::vector<timestamp>& out) {
  auto add = [&](int minute) {
    for (auto second : cel::moments_of(day, minute, hours.timezone))
      out.push_back(from_unix_ms(second * 1'000));
  };
  add(0);
  // The first of January 1970 was a Thursday, the calendar's week begins on Monday.
  const auto weekday = static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
  for (const auto& s : hours.weekly[weekday]) {
    add(s.from_minute);
    if (s.to_minute < 24 * 60) add(s.to_minute);
  }
}

}  // namespace

std::optional<timestamp> next_change(const config::calendar& hours, timestamp at) {
  const auto today = cel::civil_day_in(cel::instant::from(at), hours.timezone);
  if (!today) return std::nullopt;
  const bool open = is_open(hours, at);
  auto shift = cel::next_change_of(hours.timezone, cel::instant::from(at));
  std::vector<timestamp> edges;
  for (std::int64_t day = *today; day <= *today + looked_ahead.count(); ++day) {
    edges.clear();
    add_edges(hours, day, edges);
    // Where the clocks are put back or forward they may pass an edge without showing it.
    const auto tomorrow = cel::moments_of(day + 1, 0, hours.timezone);
    while (shift && !tomorrow.empty() && *shift < tomorrow.front()) {
      edges.push_back(from_unix_ms(*shift * 1'000));
      shift = cel::next_change_of(hours.timezone, cel::instant::from(edges.back()));
    }
    std::ranges::sort(edges);
    const auto next =
        std::ranges::find_if(edges, [&](auto& e) { return e > at && is_open(hours, e) != open; });
    if (next != edges.end()) return *next;
  }
  return std::nullopt;
}

std::optional<timestamp> next_change(const config::dispatch_config& all,
                                     const config::group_config& group, timestamp at) {
  const auto hours = std::ranges::find(all.calendars, group.calendar, &config::calendar::id);
  return hours == all.calendars.end() ? std::nullopt : next_change(*hours, at);
}

bool zone_is_known(const config::calendar& hours) {
  return cel::wall_time_in(cel::instant{}, hours.timezone).has_value();
}

bool group_open(const config::dispatch_config& all, const group_id& group, timestamp at) {
  const auto found = std::ranges::find(all.groups, group, &config::group_config::id);
  if (found == all.groups.end()) return false;
  if (found->calendar.empty()) return true;
  const auto hours = std::ranges::find(all.calendars, found->calendar, &config::calendar::id);
  return hours == all.calendars.end() || is_open(*hours, at);
}

}  // namespace switchboard
