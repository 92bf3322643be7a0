#pragma once

#include "tools/switchboardd/daemon_plan.hpp"

namespace switchboard {

/// Serves until SIGTERM or SIGINT, then drains; SIGHUP reads both files again: options that can be
/// taken up while it runs are, and the dispatch file is a new version of the configuration. Prints `ready {json}` on stdout when it takes work. Answers the exit code:
/// 0, or 1 with the reason on stderr.
int serve(const daemon_plan& plan);

}  // namespace switchboard
