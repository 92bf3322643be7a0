#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/dispatch_config.hpp"
#include "config/yaml_value.hpp"

/// How times of the day, dates and zones are written. For the readers of this room and for tools
/// that read files of their own.
namespace switchboard::config {

/// "09:00" as minutes since midnight; "24:00" is the day's end.
std::optional<int> minute_of_day(std::string_view text);
/// "2026-10-01", and there is such a day.
bool is_date(std::string_view text);
/// "09:00-18:00"; refuses what is not, and returns false.
bool read_day_span(const yaml_value& value, calendar::span& out);
/// What is to be said of a zone that the system's database does not have: which one is meant by it,
/// or is nearest.
std::string unknown_zone(const std::string& zone);
/// Refuses a zone that the system's database does not have.
void check_timezone(const yaml_value& value, const std::string& zone);

}  // namespace switchboard::config
