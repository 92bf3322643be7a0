#pragma once

#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

/// What is allowed, and hardly meant: rules that earlier ones leave nothing for, groups of a step
/// that nobody can serve it in, steps that lead back, groups that overflow into each other, waiters
/// who may starve under `strict`. By line, bounded. The configuration has compiled. Pure.
config::config_errors advice_on(const config::dispatch_config& all);

}  // namespace switchboard
