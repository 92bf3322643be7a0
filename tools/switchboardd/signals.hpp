#pragma once

#include "runtime/base/clock.hpp"

namespace switchboard {

/// SIGTERM, SIGINT and SIGHUP wait from now on, in this thread and all it starts, until
/// `next_signal` takes them. The first thing a process does.
void hold_signals();
/// They end the process again.
void release_signals();
/// Waits for one of them; 0 where none came in time.
int next_signal(millis at_most);

}  // namespace switchboard
