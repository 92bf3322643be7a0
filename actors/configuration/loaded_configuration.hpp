#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actors/configuration/config_version.hpp"
#include "actors/router/routing_rules.hpp"
#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard {

/// A version ready for use: read, checked and compiled, as one. Immutable; shared freely between
/// threads.
struct loaded_configuration {
  config_version version;
  std::shared_ptr<const config::dispatch_config> dispatch;
  std::shared_ptr<const routing_rules> rules;
};

/// Reads and compiles `v.text`. Everything that is wrong comes back by file, line and reason;
/// nothing is changed by it. `folder` is where files that the text names lie: the dispatch file's.
config::checked<loaded_configuration> load_configuration(config_version v,
                                                         const std::string& folder = {});

/// FNV-1a 64 of a dispatch file's text: tells whether it has changed since it was last read.
std::uint64_t file_hash_of(std::string_view text);

/// What a node begins with: the version recovered from its journal, unless the dispatch file was
/// changed since that was recorded. Whoever wrote last wins (docs/decisions).
struct configuration_start {
  loaded_configuration use;
  /// It is new, and has to be journaled.
  bool fresh = false;
  /// Why it is not what somebody may expect; empty where there is nothing to say.
  std::string remark;
};
config::checked<configuration_start> choose_start(std::string file_text, std::string file_name,
                                                  const std::optional<config_version>& last,
                                                  timestamp now, const std::string& folder = {});

}  // namespace switchboard
