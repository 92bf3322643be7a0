#include <array>

#include "runtime/cel/functions.hpp"
#include "runtime/cel/time_zone.hpp"

namespace switchboard::cel {

namespace {

using arguments = std::span<const value>;

std::int64_t full_year(const wall_time& w) {
  return w.year;
}
std::int64_t month_of_year(const wall_time& w) {
  return w.month;
}
std::int64_t date(const wall_time& w) {
  return w.day_of_month;
}
std::int64_t day_of_month(const wall_time& w) {
  return w.day_of_month - 1;
}
std::int64_t day_of_week(const wall_time& w) {
  return w.day_of_week;
}
std::int64_t day_of_year(const wall_time& w) {
  return w.day_of_year;
}
std::int64_t hour(const wall_time& w) {
  return w.hour;
}
std::int64_t minute(const wall_time& w) {
  return w.minute;
}
std::int64_t second(const wall_time& w) {
  return w.second;
}

/// A getter in UTC, or in the zone named by the second argument.
template <std::int64_t (*Part)(const wall_time&)>
value part_of_timestamp(arguments a, budget& cost) {
  cost.charge(a.size() > 1 ? 10 : 2);
  const auto zone = a.size() > 1 ? a[1].as_text() : std::string_view{"UTC"};
  const auto wall = wall_time_in(a[0].as_timestamp(), zone);
  if (!wall)
    return value::error(fault_code::bad_argument, "unknown time zone " + a[1].to_string(80));
  return value::integer(Part(*wall));
}

template <class Unit> value whole_of_duration(arguments a, budget&) {
  return value::integer(std::chrono::duration_cast<Unit>(a[0].as_duration()).count());
}

value milliseconds_of_timestamp(arguments a, budget&) {
  return value::integer(a[0].as_timestamp().nanoseconds / 1'000'000);
}

// Milliseconds within the second, unlike the other getters of a duration.
value milliseconds_of_duration(arguments a, budget&) {
  return value::integer(a[0].as_duration().count() / 1'000'000 % 1000);
}

}  // namespace

void add_time_functions(catalogue& all) {
  const auto at = type::timestamp();
  const auto add = [&](std::string_view name, type receiver, builtin run) {
    all.add(name, catalogue::style::method, {std::move(receiver)}, type::integer(), run);
  };
  const auto add_zoned = [&](std::string_view name, builtin run) {
    add(name, at, run);
    all.add(name, catalogue::style::method, {at, type::string()}, type::integer(), run);
  };
  add_zoned("getFullYear", part_of_timestamp<full_year>);
  add_zoned("getMonth", part_of_timestamp<month_of_year>);
  add_zoned("getDate", part_of_timestamp<date>);
  add_zoned("getDayOfMonth", part_of_timestamp<day_of_month>);
  add_zoned("getDayOfWeek", part_of_timestamp<day_of_week>);
  add_zoned("getDayOfYear", part_of_timestamp<day_of_year>);
  add_zoned("getHours", part_of_timestamp<hour>);
  add_zoned("getMinutes", part_of_timestamp<minute>);
  add_zoned("getSeconds", part_of_timestamp<second>);
  add_zoned("getMilliseconds", milliseconds_of_timestamp);
  add("getHours", type::duration(), whole_of_duration<std::chrono::hours>);
  add("getMinutes", type::duration(), whole_of_duration<std::chrono::minutes>);
  add("getSeconds", type::duration(), whole_of_duration<std::chrono::seconds>);
  add("getMilliseconds", type::duration(), milliseconds_of_duration);
}

}  // namespace switchboard::cel
