#pragma once

#include <memory>
#include <string>

#include "adapters/center_http/http_desk.hpp"
#include "config/config_error.hpp"
#include "config/daemon_options.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

/// What a daemon runs by, loaded and checked.
struct daemon_plan {
  config::daemon_options options;
  /// The dispatch file as it was written. Whether the daemon begins with it or with a later version from its journal is
  /// decided when the store is open.
  std::string dispatch_text, dispatch_name;
  std::shared_ptr<const config::dispatch_config> dispatch;
  center::http_plan centers;
};

/// Loads both files and compiles the rules. All errors, none thrown.
config::checked<daemon_plan> load_plan(const std::string& options_file, const std::vector<std::string>& settings);

/// Serves until SIGTERM or SIGINT, then drains; SIGHUP reads the dispatch file again, which is a new version of the
/// configuration. Prints `ready {json}` on stdout when it takes work. Answers the exit code:
/// 0, or 1 with the reason on stderr.
int serve(const daemon_plan& plan);

}  // namespace switchboard
