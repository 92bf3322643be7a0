#pragma once

#include <caf/actor_system_config.hpp>

namespace switchboard {

/// Makes every message between actors known to CAF by its name, so that it can cross to another
/// node.
void register_messages(caf::actor_system_config& config);

}  // namespace switchboard
