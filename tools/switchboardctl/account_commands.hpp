#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/switchboardctl/control_client.hpp"

/// Accounts and skill groups of a running daemon; every change is a version of its configuration.
namespace switchboard::ctl {

struct account_page {
  std::string after;
  std::int64_t limit = 100;
};
outcome list_accounts(control_client& daemon, const account_page& which);
/// All of them as the list `agents` of a dispatch file, with hashes of tokens and passwords.
outcome export_accounts(control_client& daemon);
/// The accounts of such a list: new ones are made, of others the log-in is taken.
outcome import_accounts(control_client& daemon, const std::string& file, const std::string& why);

/// Fields as they are given on a command line; each may be missing.
struct written_fields {
  std::string name, role, team, strategy;
  std::string groups, skills;  // "vip,general"; "english=3,java=5"
  std::int64_t capacity = 0;
  std::vector<std::string> set;  // "offer.timeout=30s"; a value is JSON, else text
};
/// What is created or changed.
struct change_order {
  std::string method;  // "account.create"
  std::string id, into, why;
  written_fields fields;
};
outcome change_with_fields(control_client& daemon, const change_order& what);
/// account.disable, account.enable, group.merge, group.retire.
outcome change(control_client& daemon, const change_order& what);

/// The password is the first line of the standard input: a command line is seen by others.
outcome set_account_password(control_client& daemon, const std::string& id,
                             std::optional<bool> end_connections);
struct token_order {
  std::string id;
  /// How long the old one stays good; less than 0: as the daemon does it.
  std::int64_t overlap_ms = -1;
  std::optional<bool> end_connections;  // unset: those that the old token let in, when it ends
};
outcome new_account_token(control_client& daemon, const token_order& what);

struct times_question {
  std::string agent;
  std::int64_t days = 0;  // the last so many; 0: all that are kept
};
outcome show_agent_times(control_client& daemon, const times_question& what);

/// Needs no daemon: a hash for `password_hash`, of the first line of the standard input.
outcome hash_password();

}  // namespace switchboard::ctl
