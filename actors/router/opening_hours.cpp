#include "actors/router/opening_hours.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "actors/rules/cel/time_zone.hpp"

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
