#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/switchboardctl/envelope.hpp"

/// What is wrong with a running daemon, found from what it says of itself. Pure functions.
namespace switchboard::ctl {

/// Answers of one daemon, taken at about one moment. Null where it gave none: what rests on that is
/// then reported as unknown.
struct checked_daemon {
  json status, groups, agents, centers;
  json activity_before, activity_after;
};

enum class health { fine, unknown, warning, failing };

/// One check. `what` names it (and its section of docs/operations.md), `found` says what was seen,
/// `help` what to do or where to look next; empty where all is well.
struct finding {
  health state = health::fine;
  std::string what, found, help;
};

/// All checks, the worst first; those alike in the order in which they are documented.
std::vector<finding> examine(const checked_daemon& daemon);

/// Those that need a hand, a line each; then one line for the others.
std::string findings_text(const std::vector<finding>& all);
/// The worst two and how many there are, for one line of a screen; empty where all is well.
std::string findings_line(const std::vector<finding>& all);
json findings_data(const std::vector<finding>& all);

}  // namespace switchboard::ctl
