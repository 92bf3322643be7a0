#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// The configuration as versions: checked, compared with the live queues, applied, gone back to.
namespace switchboard::ctl {

/// Offline: everything wrong with a dispatch file, and what is hardly meant.
outcome check_rules(const std::string& file);

struct rules_change {
  std::string file;
  std::int64_t version = 0;
  std::string comment;
  bool reevaluate = false;
  /// Not 0: only while this version is the active one.
  std::int64_t expected = 0;
};
outcome diff_rules(control_client& daemon, const rules_change& with);
/// What changes, a line for each field; for the test.
std::string changes_text(const json& answer);
outcome apply_rules(control_client& daemon, const rules_change& what);
outcome rollback_rules(control_client& daemon, const rules_change& what);
outcome list_rules(control_client& daemon, std::int64_t limit);
/// The YAML text of a version; 0 is the active one.
outcome show_rules(control_client& daemon, std::int64_t version);

/// What the dispatch file would take back of what was decided while running.
outcome show_conflicts(control_client& daemon);
/// What runs goes on; the file as it is now is known.
outcome keep_rules(control_client& daemon);

struct rules_value {
  std::string path, value;
  rules_change how;
};
/// One value, the rest of the text as it is.
outcome set_rule(control_client& daemon, const rules_value& what);

struct group_closing {
  std::string group, reason;
};
outcome close_group(control_client& daemon, const group_closing& what);
outcome open_group(control_client& daemon, const group_closing& what);

}  // namespace switchboard::ctl
