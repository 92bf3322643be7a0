#pragma once

#include <string_view>
#include <vector>

#include "actors/access/rights.hpp"
#include "config/dispatch_config.hpp"

/// Who leads whom, read from a configuration: plain functions, since only supervisors' calls ask.
///
/// A team's leaders lead its members and every team below it. A supervisor leads the team they are
/// a member of too. Nobody leads themselves: what concerns one's own sessions is no supervision.
namespace switchboard::team_tree {

/// The role of an account; nothing where there is no such account.
std::optional<account_role> role_of(const config::dispatch_config& c, std::string_view account);

/// Does `who` lead `agent`? An admin leads everybody.
bool leads(const config::dispatch_config& c, std::string_view who, std::string_view agent);

/// The teams `who` leads, with all below them, in the order of the configuration.
std::vector<const config::team_config*> led_by(const config::dispatch_config& c,
                                               std::string_view who);

}  // namespace switchboard::team_tree
