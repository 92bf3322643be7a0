#include "tools/simulation/business_hours.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "tools/simulation/chance.hpp"

namespace switchboard::simulation {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

/// From then on so far ahead of UTC.
struct offset_change {
  timestamp at;
  minutes offset;
};
struct zone_table {
  std::string_view name;
  std::vector<offset_change> changes;  // the first holds from before every run
};

timestamp utc(std::chrono::year_month_day day, minutes of_day) {
  return timestamp(sys_days(day)) + of_day;
}

/// By hand, so that the database of the system is tested too.
const std::array<zone_table, 4>& zones() {
  using namespace std::chrono;
  static const std::array<zone_table, 4> all{{
      {"Asia/Shanghai", {{{}, 8h}}},
      {"Europe/Berlin",
       {{{}, 1h},
        {utc(2026y / March / 29, 1h), 2h},
        {utc(2026y / October / 25, 1h), 1h},
        {utc(2027y / March / 28, 1h), 2h}}},
      {"America/New_York",
       {{{}, -5h},
        {utc(2026y / March / 8, 7h), -4h},
        {utc(2026y / November / 1, 6h), -5h},
        {utc(2027y / March / 14, 7h), -4h}}},
      // Half an hour of summer time.
      {"Australia/Lord_Howe",
       {{{}, 11h},
        {utc(2026y / April / 4, 15h), 10h + 30min},
        {utc(2026y / October / 3, 15h + 30min), 11h},
        {utc(2027y / April / 3, 15h), 10h + 30min}}},
  }};
  return all;
}

minutes offset_in(const zone_table& zone, timestamp at) {
  auto offset = zone.changes.front().offset;
  for (auto& c : zone.changes) {
    if (c.at <= at) offset = c.offset;
  }
  return offset;
}

/// What a clock on the wall shows there.
struct shown_time {
  sys_days day;
  int minute = 0;
};
shown_time shown(const zone_table& zone, timestamp at) {
  const auto local = at + offset_in(zone, at);
  const auto day = std::chrono::floor<days>(local);
  return {day, static_cast<int>(std::chrono::floor<minutes>(local - day).count())};
}

std::string date_text(sys_days day) {
  const std::chrono::year_month_day d(day);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(d.year()) % 10'000,
                static_cast<unsigned>(d.month()) % 100, static_cast<unsigned>(d.day()) % 100);
  return text;
}

std::string span_text(int from, int to) {
  char text[24];
  std::snprintf(text, sizeof text, "\"%02d:%02d-%02d:%02d\"", from / 60 % 100, from % 60,
                to / 60 % 100, to % 60);
  return text;
}

constexpr int whole_day = 24 * 60;
constexpr std::array<std::string_view, 5> calendar_names{"ends", "begins", "blinks", "feast",
                                                         "day_after"};

/// A moment at which something changes there: the clocks, a day, a shift.
timestamp some_edge(const zone_table& zone, chance& luck) {
  const auto switches = zone.changes.size() - 1;
  if (switches > 0 && luck.percent(50)) return zone.changes[1 + luck.below(switches)].at;
  using namespace std::chrono;
  const auto day = sys_days(2026y / October / 1) + days{static_cast<int>(luck.below(60))};
  const auto of_day = luck.percent(50) ? 0 : static_cast<int>(luck.below(whole_day));
  return timestamp(day) + minutes{of_day} - zone.changes.front().offset;
}

/// That day, and another some weeks later: a group looks for its next edge no further.
std::string holidays_from(sys_days day) {
  return '"' + date_text(day) + "\", \"" + date_text(day + days{20}) + '"';
}

/// One calendar for each way in which an edge can be met.
std::string calendars_about(const zone_table& zone, timestamp edge) {
  const auto before = shown(zone, edge - millis{1}), after = shown(zone, edge);
  const int ends = before.minute + 1, begins = after.minute;
  std::string blinks;
  for (int from = std::max(0, begins - 4); from < std::min(whole_day, begins + 9); from += 2)
    blinks += (blinks.empty() ? "" : ", ") + span_text(from, from + 1);
  const auto whole = span_text(0, whole_day);
  auto one = [&](std::string_view name, const std::string& spans, const std::string& holidays) {
    return "  " + std::string(name) + ": {timezone: " + std::string(zone.name) +
           ", weekly: {mon-sun: [" + spans + "]}, holidays: [" + holidays + "]}\n";
  };
  return "calendars:\n" + one("ends", span_text(std::max(0, ends - 90), ends), "") +
         one("begins", span_text(begins, std::min(begins + 2, whole_day)), "") +
         one("blinks", blinks, "") + one("feast", whole, holidays_from(after.day)) +
         one("day_after", whole, holidays_from(before.day));
}

/// After what says the group's id, in either way of writing it.
void give_calendar(std::string& text, const std::string& group, std::string_view calendar) {
  const auto in_line = "{id: " + group + ", strategy", in_block = "- id: " + group + '\n';
  if (auto at = text.find(in_line); at != std::string::npos)
    text.insert(at + 5 + group.size(), ", calendar: " + std::string(calendar));
  else if (at = text.find(in_block); at != std::string::npos)
    text.insert(at + in_block.size(), "    calendar: " + std::string(calendar) + '\n');
}

}  // namespace

business_hours::business_hours(std::uint64_t seed, timestamp begins) {
  constexpr std::uint64_t of_its_own = 0x6f70656e;  // what else the seed decides stays as it is
  chance luck(seed ^ of_its_own);
  if (luck.percent(40)) return;
  auto& zone = zones()[luck.below(zones().size())];
  const auto edge = some_edge(zone, luck);
  zone_ = zone.name;
  ahead_ = edge - millis{luck.between(1'000, 55'000)} - begins;
  calendars_ = calendars_about(zone, edge);
}

std::string business_hours::kept_by(std::string deployment, unsigned variant) const {
  if (!kept()) return deployment;
  chance luck(variant);
  for (auto* group : {"general", "vip", "refund", "small"}) {
    const auto which = luck.below(calendar_names.size() + 3);
    if (which < calendar_names.size()) give_calendar(deployment, group, calendar_names[which]);
  }
  return calendars_ + deployment;
}

bool out_of_hours(const config::dispatch_config& all, const group_id& group, timestamp wall) {
  const auto g = std::ranges::find(all.groups, group, &config::group_config::id);
  if (g == all.groups.end() || g->calendar.empty()) return false;
  const auto hours = std::ranges::find(all.calendars, g->calendar, &config::calendar::id);
  const auto zone =
      std::ranges::find_if(zones(), [&](auto& z) { return z.name == hours->timezone; });
  if (zone == zones().end()) throw std::logic_error("no table of " + hours->timezone);
  const auto now = shown(*zone, wall);
  if (std::ranges::find(hours->holidays, date_text(now.day)) != hours->holidays.end()) return true;
  const auto weekday = std::chrono::weekday(now.day).iso_encoding() - 1;
  return std::ranges::none_of(hours->weekly[weekday], [&](auto& span) {
    return span.from_minute <= now.minute && now.minute < span.to_minute;
  });
}

}  // namespace switchboard::simulation
