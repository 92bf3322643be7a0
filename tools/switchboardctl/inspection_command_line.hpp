#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// top, doctor, find, actor, latency, tree.
void declare_inspection(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
