#pragma once

#include <string_view>

namespace switchboard {

/// Tells the service manager how the daemon is: "READY=1", "RELOADING=1", "STOPPING=1"
/// (sd_notify(3)). Nobody is told where none has started it with Type=notify. Never waits.
void tell_service_manager(std::string_view state);

}  // namespace switchboard
