#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// What a running daemon is asked, and how the answers look to people. The answers' own fields are
/// `data` for scripts, unchanged.
namespace switchboard::ctl {

outcome show_status(control_client& daemon);

/// The texts of answers, for the tests.
std::string status_text(const json& answer);
std::string groups_text(const json& answer);
std::string centers_text(const json& answer);

outcome list_agents(control_client& daemon);
outcome list_groups(control_client& daemon);
outcome list_centers(control_client& daemon);

struct actor_filter {
  /// Empty: every kind.
  std::string kind;
  std::int64_t limit = 50;
};
outcome list_actors(control_client& daemon, const actor_filter& which);

/// A copy of the daemon's data into `dir`, on its machine; relative to the working folder here.
/// Waits as long as it takes, up to an hour.
outcome make_backup(control_client& daemon, const std::string& dir);

/// "14:03:12", with the date where it is not today; "-" for 0.
std::string moment_text(std::int64_t unix_ms);

}  // namespace switchboard::ctl
