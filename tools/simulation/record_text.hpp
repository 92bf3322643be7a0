#pragma once

#include <string>

#include "runtime/store/journal.hpp"
#include "tools/simulation/line.hpp"

namespace switchboard::simulation {

/// One line for people who follow a run.
std::string record_text(store::position at, const store::record& r);
std::string arrival_text(std::uint64_t line_id, const line::arrival& a);

}  // namespace switchboard::simulation
