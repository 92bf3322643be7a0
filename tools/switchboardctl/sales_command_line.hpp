#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// `segment ...`, `campaign ...`, `sales-channel ...` and `lead ...`.
void declare_sales(CLI::App& app, command_line& into);

}  // namespace switchboard::ctl
