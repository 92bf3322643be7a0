#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/whatif/run_result.hpp"

/// How a result is shown. Pure.
namespace switchboard::whatif {

/// Tables for people: the contact center, its groups, agents, kinds of request, and the estimated
/// wait.
std::string result_text(const run_result& r);

/// The same for scripts; goes into the envelope's `data`. Durations in milliseconds, shares 0..1.
nlohmann::ordered_json result_json(const run_result& r);

/// A chart as SVG: over time, how many wait in each group, and how long those who came then waited.
std::string result_chart(const run_result& r);

/// Two results of the same arrivals side by side: each figure, and what the second changes.
std::string comparison_text(const run_result& a, const run_result& b);
nlohmann::ordered_json comparison_json(const run_result& a, const run_result& b);

}  // namespace switchboard::whatif
