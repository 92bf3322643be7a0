#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/rules/cel/value.hpp"

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

}  // namespace switchboard::cel
