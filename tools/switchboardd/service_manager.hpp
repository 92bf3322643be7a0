#pragma once

#include <string_view>

namespace switchboard {

/// Tells the service manager how the daemon is: "READY=1", "RELOADING=1", "STOPPING=1"
/// (sd_notify(3)). Nobody is told where none has started it with Type=notify. Never waits. One
/// datagram: libsystemd would be a library more for it.
void tell_service_manager(std::string_view state);

/// Whether it wants to hear "WATCHDOG=1" again and again, or ends this process (WatchdogSec=).
bool service_manager_watches();
/// "RELOADING=1" with the time it wants beside it; "READY=1" follows when it is over.
void tell_service_manager_of_reload();

}  // namespace switchboard
