#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/account_index.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/base/error.hpp"

/// What administrators decide about accounts. Where an account is written in the dispatch text that
/// is edited, comments and order stay; one made while running has a text of its own (`entry`),
/// edited alike. How it logs in stands in neither. What comes out is still to be checked as a
/// whole. Pure.
namespace switchboard::config {

/// Fields as they come, and what of them is log-in.
struct account_fields {
  /// A YAML map on one line, without what is below.
  std::string rest;
  bool names_groups = false;
  /// An empty one takes it away.
  std::optional<std::string> token_sha256, password_hash;
};
/// `fields` is a YAML map on one line, as an agent is written, without `id`.
result<account_fields> read_account_fields(const std::string& fields);
void set_login(login_data& login, const account_fields& fields);

/// The entry of a new account.
result<std::string> new_entry(const std::string& id, const account_fields& fields);
/// A JSON merge patch (RFC 7396) of an account in `text`, which is a dispatch text or an entry:
/// named fields are set, `null` takes one away, the rest stays.
result<std::string> patch_account(std::string_view text, const std::string& id,
                                  const account_fields& fields);
/// Whether an entry can be read, its groups being those of `all`. Errors name "fields.<key>".
result<agent_config> read_account(const std::string& entry, const dispatch_config& all);

/// The token before stays good until `until`; not at all where that is 0.
void replace_token(login_data& login, const std::string& sha256, timestamp until);

/// Accounts as a list `agents:` that can be imported elsewhere or put into a dispatch file:
/// everything that is written of them and how they log in. Those behind `after`, at most `limit`,
/// by id.
struct account_export {
  std::string text;
  std::size_t accounts = 0;
  std::string next;  // where to go on; empty: that is all
};
account_export export_accounts(std::string_view text, const account_index& stored,
                               const std::string& after, std::size_t limit);
/// The accounts that such a list says, each with its entry and log-in.
result<std::vector<stored_account>> read_exported(const std::string& text);

}  // namespace switchboard::config
