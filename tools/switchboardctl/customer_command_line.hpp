#pragma once

#include <CLI/CLI.hpp>

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// customer search, show, trail, merge, ...
void declare_customers(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
