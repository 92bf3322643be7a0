#pragma once

#include <string>
#include <string_view>

#include "config/dispatch_config.hpp"
#include "runtime/base/error.hpp"

/// What administrators decide about skill groups, as edits of the dispatch text: comments and order
/// stay. `all` is what `text` says. What comes out is still to be checked as a whole. Pure.
namespace switchboard::config {

/// `fields` is a YAML map on one line, as a group is written, without `id`.
result<std::string> create_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& fields);
/// A JSON merge patch (RFC 7396): named fields are set, `null` takes one away, the rest stays.
result<std::string> update_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& fields);
/// Agents, rules, canned replies and word lists of `from` have `into`, which keeps the old name
/// (`formerly`), so that those who wait find it; `from` is gone.
result<std::string> merge_groups(std::string_view text, const dispatch_config& all,
                                 const std::string& from, const std::string& into);
/// The group is gone, its agents are in it no more. Rules and the like that name it name `into`;
/// where that is empty there must be none.
result<std::string> retire_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& into);

}  // namespace switchboard::config
