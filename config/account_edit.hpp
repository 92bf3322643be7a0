#pragma once

#include <string>
#include <string_view>

#include "config/dispatch_config.hpp"
#include "runtime/base/error.hpp"

/// What administrators decide about accounts, as edits of the dispatch text: comments and order
/// stay. `all` is what `text` says. What comes out is still to be checked as a whole. Pure.
namespace switchboard::config {

/// `fields` is a YAML map on one line, as an agent is written, without `id`.
result<std::string> create_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id, const std::string& fields);
/// A JSON merge patch (RFC 7396): named fields are set, `null` takes one away, the rest stays.
result<std::string> update_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id, const std::string& fields);
result<std::string> disable_account(std::string_view text, const dispatch_config& all,
                                    const std::string& id);
result<std::string> enable_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id);
result<std::string> set_password_hash(std::string_view text, const dispatch_config& all,
                                      const std::string& id, const std::string& hash);
/// The token before stays good until `until`; not at all where that is 0.
result<std::string> replace_token(std::string_view text, const dispatch_config& all,
                                  const std::string& id, const std::string& sha256,
                                  timestamp until);

}  // namespace switchboard::config
