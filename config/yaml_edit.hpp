#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace switchboard::config {

/// The text with the value at `path` set, and nothing else of it changed: comments, blanks and
/// order stay. `path` names keys, and elements of lists by their `id` (rules by their `name`),
/// joined by dots: "agents.lin.capacity", "groups.vip.queue.max", "session.idle_close". A key that
/// is not written yet is added; an element is not. `value` is YAML on one line: `6`, `20s`,
/// `[lunch, meeting]`. Answers with a sentence where that cannot be done. Pure.
tl::expected<std::string, std::string> with_value(std::string_view text, std::string_view path,
                                                  std::string_view value);

/// The same for many values at once, in one reading of the text. The way is given word by word: ids
/// and keys may hold dots, and what has no id is counted from 0 (`rules`, `everyone`, `steps`,
/// `0`). Without a value the key is taken away. Keys that are not written are to lie in different
/// maps.
struct value_change {
  std::vector<std::string> way;
  std::optional<std::string> value;
};
tl::expected<std::string, std::string> with_changes(std::string_view text,
                                                    const std::vector<value_change>& changes);

/// `text` as YAML on one line: as it is where that can only be read as text, else in quotes.
std::string yaml_text(std::string_view text);

/// The text with `element` (one line of YAML, like "{id: lin, groups: [vip]}") put at the end of
/// the list at the top-level key `list`. Pure.
tl::expected<std::string, std::string> with_element(std::string_view text, std::string_view list,
                                                    std::string_view element);

/// The text without the element of that id. Pure.
tl::expected<std::string, std::string> without_element(std::string_view text, std::string_view list,
                                                       std::string_view id);

}  // namespace switchboard::config
