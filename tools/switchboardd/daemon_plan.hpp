#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/attachment/attachment_record.hpp"
#include "adapters/center_http/http_center_client.hpp"
#include "adapters/channel/transport/output_budget.hpp"
#include "adapters/channel/transport/transport_options.hpp"
#include "adapters/web/web_options.hpp"
#include "config/config_error.hpp"
#include "config/daemon_options.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/store/store.hpp"

namespace switchboard {

/// What a daemon runs by, loaded and checked.
struct daemon_plan {
  /// Where the options come from, for a reload: their file, and what the command line says over it.
  std::string options_file;
  std::vector<std::string> settings;
  config::daemon_options options;
  /// The dispatch file as it was written. Whether the daemon begins with it or with a later version
  /// from its journal is decided when the store is open.
  std::string dispatch_text, dispatch_name;
  /// What that says. Null where it is wrong by itself: it may name accounts that only the store
  /// knows.
  std::shared_ptr<const config::dispatch_config> dispatch;
  config::config_errors dispatch_errors;
  center::http_plan centers;
  /// What people are told once it takes work, of where clients reach it; null: nothing.
  std::function<std::string(std::string_view clients)> welcome;
};

/// Loads both files and compiles the rules. All errors of the options, none thrown; those of the
/// dispatch file stand in the plan.
config::checked<daemon_plan> load_plan(const std::string& options_file,
                                       const std::vector<std::string>& settings);
/// The options alone: the file's, and what the command line says over them.
config::checked<config::daemon_options> read_options(const std::string& file,
                                                     const std::vector<std::string>& settings);

/// Nothing where the file cannot be read; why, `load_dispatch` says.
std::optional<std::string> text_of(const std::string& path);
/// "dispatch.yaml" of a path that ends so.
std::string name_of(const std::string& path);

/// The options in the words of the rooms they are for.
channel::transport_options transport_of(const config::daemon_options& o);
/// For both, together.
channel::output_budget::limits outputs_of(const config::daemon_options& o);
/// The same for the local socket.
channel::transport_options control_transport_of(const config::daemon_options& o);
store::store_options store_of(const config::daemon_options& o, const clock_source& clock);
std::string store_folder_of(const config::daemon_options& o);
double map_share_of(const config::daemon_options& o);
attachment::upload_limits uploads_of(const config::daemon_options& o);
/// Where health and metrics are served.
web::web_options pages_of(const config::daemon_options& o);
/// The folder of the files sent in sessions.
std::string files_of(const config::daemon_options& o);

}  // namespace switchboard
