#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace switchboard::config {

/// The text with the value at `path` set, and nothing else of it changed: comments, blanks and
/// order stay. `path` names keys, and elements of lists by their `id` (rules by their `name`),
/// joined by dots: "agents.lin.capacity", "groups.vip.queue.max", "session.idle_close". A key that
/// is not written yet is added; an element is not. `value` is YAML on one line: `6`, `20s`,
/// `[lunch, meeting]`. Answers with a sentence where that cannot be done. Pure.
tl::expected<std::string, std::string> with_value(std::string_view text, std::string_view path,
                                                  std::string_view value);

/// The text with `element` (one line of YAML, like "{id: lin, groups: [vip]}") put at the end of
/// the list at the top-level key `list`. Pure.
tl::expected<std::string, std::string> with_element(std::string_view text, std::string_view list,
                                                    std::string_view element);

/// The text without the element of that id. Pure.
tl::expected<std::string, std::string> without_element(std::string_view text, std::string_view list,
                                                       std::string_view id);

}  // namespace switchboard::config
