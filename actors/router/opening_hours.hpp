#pragma once

#include <chrono>
#include <optional>

#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

/// When a contact center is open. Pure; thread-safe.
namespace switchboard {

/// Whether `at` lies in the opening hours: in the wall time of the calendar's zone, on no holiday,
/// in one of the day's spans (the first minute counts, the last does not). Changes of summer time
/// need no care: an hour that comes twice is judged twice by what the clock on the wall shows. A
/// zone that the system does not know counts as open; compile_routing refuses it beforehand.
bool is_open(const config::calendar& hours, timestamp at);

/// The next moment after `at` from which the calendar is open where it was closed, or the other way
/// round; nothing where there is none within `looked_ahead`.
constexpr std::chrono::days looked_ahead{400};
std::optional<timestamp> next_change(const config::calendar& hours, timestamp at);
/// The same of a group's calendar; nothing where it has none.
std::optional<timestamp> next_change(const config::dispatch_config& all,
                                     const config::group_config& group, timestamp at);

/// Whether the system's zone database has the calendar's zone.
bool zone_is_known(const config::calendar& hours);

/// Whether the group is open: it has no calendar, or its calendar is. An unknown group is closed.
bool group_open(const config::dispatch_config& all, const group_id& group, timestamp at);

}  // namespace switchboard
