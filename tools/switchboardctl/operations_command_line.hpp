#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// `why`, `bump`, `agent ...`.
void declare_operations(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
