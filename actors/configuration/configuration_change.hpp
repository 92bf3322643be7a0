#pragma once

#include <string>
#include <vector>

#include "config/dispatch_config.hpp"

namespace switchboard {

/// What becomes of one thing that has an id, from one configuration to the next.
struct changed_names {
  std::vector<std::string> added, changed, removed;
  bool empty() const { return added.empty() && changed.empty() && removed.empty(); }
};

/// What differs between two configurations: who has to hear of it, and what people are told. Nobody
/// else is touched. Empty only where the two are the same.
struct configuration_change {
  /// A group also changes with its calendar and with who is in it.
  changed_names groups, agents, calendars, channels, rules;
  /// Accounts that are set aside; one that is disabled is also gone from `agents`.
  changed_names disabled;
  /// Things with an id that are looked up when they are needed, so that nobody has to hear of them.
  changed_names teams, forms, word_lists, canned_replies, profile_fields, lead_stages, mining;
  /// Sections without ids that changed as a whole, and lists of which only the order did.
  std::vector<std::string> sections, reordered;

  bool empty() const;
};
configuration_change change_between(const config::dispatch_config& before,
                                    const config::dispatch_config& after);

struct loaded_configuration;

/// "group vip: queue.max 50 → 60", one line each; bounded, the last line says how many more.
std::vector<std::string> lines_of(const configuration_change& c, const loaded_configuration& before,
                                  const loaded_configuration& after);

}  // namespace switchboard
