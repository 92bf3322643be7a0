#pragma once

#include "config/dispatch_config.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

/// When a floor is open. Pure; thread-safe.
namespace switchboard {

/// Whether `at` lies in the opening hours: in the wall time of the calendar's zone, on no holiday,
/// in one of the day's spans (the first minute counts, the last does not). Changes of summer time
/// need no care: an hour that comes twice is judged twice by what the clock on the wall shows. A
/// zone that the system does not know counts as open; compile_routing refuses it beforehand.
bool is_open(const config::calendar& hours, timestamp at);

/// Whether the system's zone database has the calendar's zone.
bool zone_is_known(const config::calendar& hours);

/// Whether the group is open: it has no calendar, or its calendar is. An unknown group is closed.
bool group_open(const config::dispatch_config& all, const group_id& group, timestamp at);

}  // namespace switchboard
