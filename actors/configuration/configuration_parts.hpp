#pragma once

#include <string_view>

/// What `configuration_method::show` shows beside versions, where the call's `path` names it; and
/// what else is told apart so.
///
///   show,    path `accounts_part`    the accounts behind the id in `text`, at most `number`
///   show,    path `conflicts_part`   what the dispatch file would take back
///   reload,  path `conflicts_part`   nothing of the file is taken: what runs goes on
///   order,   account_create, no id   `text` is a list of accounts, taken all at once
namespace switchboard {

inline constexpr std::string_view accounts_part = "accounts";
inline constexpr std::string_view conflicts_part = "conflicts";

}  // namespace switchboard
