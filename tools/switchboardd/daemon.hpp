#pragma once

#include "tools/switchboardd/daemon_plan.hpp"

namespace switchboard {

/// Serves until SIGTERM or SIGINT, then drains; SIGHUP reads both files again: options that can be
/// taken up while it runs are, the dispatch file is a new version of the configuration where it has
/// changed, and the log's file is opened anew. Nothing is written before every address is bound.
/// Prints `ready {json}` on stdout when it takes work, and tells the service manager. Answers the
/// exit code: 0, or 1 with the reason on stderr.
int serve(const daemon_plan& plan);

}  // namespace switchboard
