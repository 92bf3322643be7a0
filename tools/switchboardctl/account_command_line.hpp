#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// `accounts`, `account ...`, `hash-password`, and of groups what changes the configuration
/// (`group create`, `update`, `merge`, `retire`). After `group` has been declared.
void declare_accounts(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
