#pragma once

#include "tools/switchboardctl/command_line.hpp"

namespace switchboard::ctl {

/// What a command found, or why it found nothing, shown at once. Answers with the exit code.
int show(const outcome& what, bool as_json);

/// Runs the command at its interval until the process is ended: in a terminal each answer takes the
/// place of the one before, elsewhere they follow each other. Ends by itself only where the first
/// look fails: a daemon that is gone for a while comes back into view.
int watch(const command_line& given);

}  // namespace switchboard::ctl
