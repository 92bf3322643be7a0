#pragma once

#include "config/account_index.hpp"
#include "config/dispatch_config.hpp"
#include "config/yaml_value.hpp"

/// One reader per section of the dispatch file. They are called in this order, since later sections
/// refer to earlier ones by id. Private to this room.
namespace switchboard::config {

void read_calendars(const yaml_value& section, dispatch_config& out);
void read_groups(const yaml_value& section, dispatch_config& out);
void read_channels(const yaml_value& section, dispatch_config& out);
void read_agents(const yaml_value& section, dispatch_config& out);
/// After those that are written: accounts made while running join them, and all log in as is
/// stored.
void add_stored_accounts(const account_index& stored, dispatch_config& out, error_list& errors);
/// After everything that may name them: from here on who is disabled is nobody.
void set_disabled_aside(dispatch_config& out);
/// After the agents, whom it names; also tells each agent its team.
void read_teams(const yaml_value& section, dispatch_config& out);
void read_admin_tokens(const yaml_value& section, dispatch_config& out);
void read_rules(const yaml_value& section, dispatch_config& out);
void read_texts(const yaml_value& section, text_table& out);
void read_session_policy(const yaml_value& section, session_policy& out);

void read_profile_fields(const yaml_value& section, dispatch_config& out);
void read_lead_stages(const yaml_value& section, dispatch_config& out);
void read_mining(const yaml_value& section, dispatch_config& out);

/// The ids of all groups, for references.
std::vector<std::string> group_names(const dispatch_config& c);

/// `token_sha256: <64 hex digits>`; without one nobody can log in under this account.
void read_token(yaml_map& item, std::string& out);

}  // namespace switchboard::config
