#pragma once

#include <string>
#include <string_view>

#include "config/dispatch_config.hpp"

namespace switchboard::simulation {

/// What is the same in all breaches of one kind: the message with agents, groups, sessions, other
/// ids and numbers taken out (0 stays: to have none is another thing than to have another number).
std::string failure_kind(std::string_view breach, const config::dispatch_config& deployment);

}  // namespace switchboard::simulation
