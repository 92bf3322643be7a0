#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// `sessions` and `session ...`.
void declare_sessions(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
