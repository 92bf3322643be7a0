#pragma once

#include <string>
#include <string_view>

#include "config/account_index.hpp"
#include "config/config_error.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard::config {

/// Reads the dispatch file (docs/configuration.md). Checks its shape: keys, kinds, bounds, names
/// that refer to something declared, ids declared once, a last rule that matches everything. CEL
/// stays text with the place where it is written: runtime/cel compiles it, actors/router checks
/// what can be reached. All errors are returned, none thrown. They name the file as `path` ends
/// ("dispatch.yaml").
checked<dispatch_config> load_dispatch(const std::string& path);

/// For a text that was taken before and must be taken again, whatever has become of the files of
/// word lists that it names: a list whose file cannot be read keeps the words that it had in
/// `before`, or goes without. `unread` says which, and why.
struct kept_words {
  const reception_config* before = nullptr;
  std::vector<std::string> unread;
};

/// As `load_dispatch`, of a text; `file` is the name that errors and marks carry, `folder` where
/// files that it names lie, `accounts` what is stored of accounts beside it.
checked<dispatch_config> parse_dispatch(std::string_view text, std::string file = "dispatch.yaml",
                                        const std::string& folder = "",
                                        const account_index& accounts = {},
                                        kept_words* kept = nullptr);

/// The folder of a dispatch file, from which the files it names are looked for; empty is the
/// working folder.
std::string folder_of(const std::string& path);

/// Whether a rule's condition is written so that it always holds: empty, or `true`.
bool always_holds(std::string_view condition);

}  // namespace switchboard::config
