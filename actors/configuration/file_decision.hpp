#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/configuration/config_version.hpp"
#include "config/yaml_outline.hpp"

namespace switchboard {

/// What there is to compare a dispatch file with.
struct file_history {
  /// Of the file as it was last taken or settled; 0: never.
  std::uint64_t settled = 0;
  /// The versions since that one, itself among them, the newest first. Without it the list ends
  /// where texts are not kept any more.
  std::vector<config_version> since;
  /// The last of `since` is the one that `settled` speaks of.
  bool has_base = false;
};

/// Whether a dispatch file, as the daemon finds it at a start or on SIGHUP, is to be taken up.
struct file_decision {
  enum class kind : std::uint8_t {
    unchanged,  // it says what was taken, settled or applied already
    take,       // it is news, and nothing decided while running is lost by it
    conflict,   // it would take back what was decided while running: a person decides
  };
  kind what = kind::take;
  /// Of an unchanged one: the version that says the same; 0: the file as it was taken.
  int like = 0;
  /// Of a conflict: what it would take back. Bounded by what both texts say.
  std::vector<config::field_difference> lost;
};

/// docs/decisions/0032: two write one configuration, the file and who decides while the daemon
/// runs. `history.since` begins with the active version. Pure.
file_decision config_file_decision(std::string_view file, const file_history& history);

/// A version with its text, as far as it is kept.
using version_finder = std::function<std::optional<config_version>(int)>;
/// Looks back over `kept_texts`.
file_history history_of(const config_version& active, std::uint64_t settled,
                        const version_finder& find);
/// Both; versions are looked up only where the file is not what was settled.
file_decision decide_on_file(std::string_view file, const config_version& active,
                             std::uint64_t settled, const version_finder& find);

}  // namespace switchboard
