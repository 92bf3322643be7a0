#pragma once

#include "adapters/center_http/http_center_client.hpp"
#include "config/config_error.hpp"
#include "config/daemon_options.hpp"

namespace switchboard::center {

/// What the options say about the company's services, with mappings and secrets read. All that is
/// wrong, named by option or by the mapping file's line; centers that are embedded need nothing.
config::checked<http_plan> plan_http_centers(const config::daemon_options& options);

}  // namespace switchboard::center
