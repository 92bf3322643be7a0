#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/dispatch_config.hpp"

/// Accounts beside the dispatch text: how they log in, and those that were made while the daemon
/// runs. No version of the text holds this, so no version brings an old password back. Pure.
namespace switchboard::config {

/// How an account proves who it is, and whether it may.
struct login_data {
  std::string token_sha256;
  /// The token before, good until then.
  std::string old_token_sha256;
  timestamp old_token_until{};
  std::string password_hash;
  bool disabled = false;

  bool operator==(const login_data&) const = default;
};
template <class V> void describe(V& v, login_data& x) {
  v("token", x.token_sha256);
  v("old_token", x.old_token_sha256);
  v("old_token_until", x.old_token_until);
  v("password", x.password_hash);
  v("disabled", x.disabled);
}

/// What is kept of one account; of channels and administrators' tokens too, by `login_name`. Who
/// has none is as the text says.
struct stored_account {
  std::string id;
  /// Of one made while running: a text with this account alone under `agents`, without what stands
  /// in `login`. A dispatch text that has the account goes before. Empty for one that was only ever
  /// written there.
  std::string entry;
  /// In force.
  login_data login;
  /// What the text said when it was last taken up: only what differs from that is news.
  login_data written;

  bool operator==(const stored_account&) const = default;
};
template <class V> void describe(V& v, stored_account& x) {
  v("id", x.id);
  v("entry", x.entry);
  v("login", x.login);
  v("written", x.written);
}

/// By id.
using account_index = std::map<std::string, stored_account, std::less<>>;
using login_table = std::map<std::string, login_data, std::less<>>;

/// Under which name the log-in of one element of a section is stored: an account's id, else
/// "channels:app", which is no id.
std::string login_name(std::string_view section, std::string_view id);
/// What a dispatch text says of log-in, of accounts, channels and administrators' tokens. Of a text
/// that cannot be read: nothing.
login_table written_logins(std::string_view text);

login_data login_of(const agent_config& a, bool disabled);
void set_login(agent_config& a, const login_data& x);

/// How one text comes to follow another: somebody has written it, or it is one that was before.
enum class text_origin : std::uint8_t { written, earlier };

/// What has to be stored of accounts when a text that says `after` follows one that says `before`.
/// What is written news is taken up, each of token, password and `disabled` by itself; an earlier
/// text changes no log-in. Who is written down for the first time keeps what was set while running.
std::vector<stored_account> accounts_after(const account_index& known, const login_table& before,
                                           const login_table& after, text_origin origin);

}  // namespace switchboard::config
