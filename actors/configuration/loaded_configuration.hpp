#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/configuration/config_version.hpp"
#include "actors/router/routing_rules.hpp"
#include "config/account_index.hpp"
#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"
#include "config/yaml_outline.hpp"

namespace switchboard::config {
struct kept_words;
}

namespace switchboard {

/// A version ready for use: read, checked and compiled, as one. Immutable; shared freely between
/// threads.
struct loaded_configuration {
  config_version version;
  std::shared_ptr<const config::dispatch_config> dispatch;
  std::shared_ptr<const routing_rules> rules;
  /// What is stored of accounts beside the text, and was read with it.
  std::shared_ptr<const config::account_index> accounts;
};

/// Reads and compiles `v.text`. Everything that is wrong comes back by file, line and reason;
/// nothing is changed by it. `folder` is where files that the text names lie: the dispatch file's.
config::checked<loaded_configuration> load_configuration(
    config_version v, const std::string& folder = {},
    std::shared_ptr<const config::account_index> accounts = {}, config::kept_words* kept = nullptr);

/// FNV-1a 64 of a dispatch file's text: tells whether it has changed since it was last read.
std::uint64_t file_hash_of(std::string_view text);

/// What was there before a start.
struct configuration_past {
  std::optional<config_version> last;  // the version that was active
  /// Of the dispatch file as it was last taken or settled; 0: as `last` says.
  std::uint64_t settled = 0;
  config::account_index accounts;
  /// An earlier version with its text.
  std::function<std::optional<config_version>(int)> find;
};

/// A dispatch file that would take back what was decided while running.
struct file_conflict {
  std::string text, file;
  std::vector<config::field_difference> lost;
  timestamp since{};
};

/// What a node begins with: the version recovered from its journal, unless the dispatch file is
/// news and takes nothing back (file_decision.hpp).
struct configuration_start {
  loaded_configuration use;
  /// It is new, and has to be journaled; together with `accounts`.
  bool fresh = false;
  std::vector<config::stored_account> accounts;
  /// Not 0: the file's, which says nothing new.
  std::uint64_t settle = 0;
  std::optional<file_conflict> conflict;
  /// Why it is not what somebody may expect; empty where there is nothing to say.
  std::string remark;
};
config::checked<configuration_start> choose_start(std::string file_text, std::string file_name,
                                                  const configuration_past& past, timestamp now,
                                                  const std::string& folder = {});

}  // namespace switchboard
