#pragma once

#include <string>

#include "tools/switchboardctl/envelope.hpp"

namespace switchboard::ctl {

/// Evaluates one CEL expression over variables given as a JSON object (an integer is an int, any
/// other number a double, null is null).
outcome evaluate_cel(const std::string& expression, const std::string& variables);

/// Runs conformance cases from a JSON Lines file; fails where a case does.
outcome run_cel_conformance(const std::string& file);

}  // namespace switchboard::ctl
