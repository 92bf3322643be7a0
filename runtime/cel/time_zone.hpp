#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// A point in time as a calendar on the wall shows it. All counts start as CEL's getters want.
struct wall_time {
  std::int64_t year = 0;
  int month = 0;         ///< 0..11
  int day_of_month = 0;  ///< 1..31
  int day_of_year = 0;   ///< 0..365
  int day_of_week = 0;   ///< 0 = Sunday
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// The wall time in a zone: `UTC`, `+08:00`, `-02:30`, `02:00` or an IANA name such as
/// `Asia/Shanghai`, taken from the system's zone database. Nothing for an unknown zone.
/// Thread-safe. Each zone is read once per process and kept.
std::optional<wall_time> wall_time_in(instant at, std::string_view zone);

/// Days of a zone's own calendar, by number: since 1970-01-01, that day being 0. They last as long
/// as the zone says, which is 23 or 25 hours where summer time begins or ends. The same zones, and
/// nothing for an unknown one. Thread-safe.
std::optional<std::int64_t> civil_day_in(instant at, std::string_view zone);
/// The seconds since the epoch at which that day's `minute` (0..1440) comes: one moment, two where
/// the clocks are put back over it, the moment of the change where they are put forward over it.
/// Rising.
std::vector<std::int64_t> moments_of(std::int64_t civil_day, int minute, std::string_view zone);
/// When the zone's distance from UTC changes next after `at`, in seconds since the epoch; nothing:
/// never again.
std::optional<std::int64_t> next_change_of(std::string_view zone, instant at);

}  // namespace switchboard::cel
