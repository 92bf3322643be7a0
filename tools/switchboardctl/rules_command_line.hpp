#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// `rules ...` and `group ...`.
void declare_rules(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
