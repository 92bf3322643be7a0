#pragma once

#include <string>
#include <string_view>

#include "config/config_error.hpp"
#include "tools/whatif/deployment_model.hpp"

/// Reading a model (docs/whatif.md). Every mistake comes back with file, line, path and, for a
/// name, the one perhaps meant; also those of the dispatch file and the record it names.
namespace switchboard::whatif {

config::checked<deployment_model> load_model(const std::string& path);

/// As `load_model`, of a text. Files it names are looked for in `folder`; `dispatch` takes the
/// place of the one it names.
config::checked<deployment_model> parse_model(std::string_view text, const std::string& file,
                                              const std::string& folder,
                                              const config::dispatch_config* dispatch = nullptr);

/// `model` with other dispatch rules, groups and agents: its requests, hours and habits stay. An
/// agent nobody gave hours to is there all the time.
config::checked<deployment_model> with_dispatch(const deployment_model& model,
                                                const std::string& path);

/// Whether the file at `path` is a dispatch file rather than a model.
bool is_dispatch_file(const std::string& path);

}  // namespace switchboard::whatif
