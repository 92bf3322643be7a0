#pragma once

#include <string_view>
#include <vector>

#include "actors/agent/agent_state.hpp"

/// Time kept by state and reason. Pure.
namespace switchboard::agent_times {

/// Counts [from, to) towards the days it lies in; the oldest days beyond a month are forgotten.
void add(std::vector<day_times>& days, std::string_view state, std::string_view reason,
         timestamp from, timestamp to);

}  // namespace switchboard::agent_times
