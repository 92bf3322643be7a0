#pragma once

#include <string_view>
#include <vector>

#include "actors/agent/agent_state.hpp"

/// Time kept by state and reason. Pure.
namespace switchboard::agent_times {

/// The day of `zone`'s calendar that `at` lies in, by number (UTC's where the zone is unknown), and
/// when one begins.
std::int64_t day_of(timestamp at, std::string_view zone);
timestamp day_begins(std::int64_t day, std::string_view zone);

/// Counts [from, to) towards the days of `zone` it lies in; the oldest days beyond a month are
/// forgotten.
void add(std::vector<day_times>& days, std::string_view state, std::string_view reason,
         timestamp from, timestamp to, std::string_view zone);

}  // namespace switchboard::agent_times
