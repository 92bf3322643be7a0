#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A dispatch text as what it says: which things it declares, and what is written of each.
/// Comments, blanks, quotes and the order of keys are no part of it. Pure.
namespace switchboard::config {

/// "queue.max": "50", "steps[0].group": "vip", "groups": "[vip, general]".
using field_table = std::map<std::string, std::string>;

struct outline {
  /// By "agent lin", "rule everyone"; sections that are no lists of things by their own key.
  std::map<std::string, field_table> things;
  /// The ids of each list, as they stand.
  std::map<std::string, std::vector<std::string>> order;
  bool operator==(const outline&) const = default;
};

/// Of a text that cannot be read: empty.
outline outline_of(std::string_view text);

/// The same for texts that say the same; 0 for one that cannot be read.
std::uint64_t value_hash_of(std::string_view text);

/// "agent", "word list": what one element of that list is called; the section itself for others.
std::string thing_name(const std::string& section);

/// What one field of one thing is in two or three texts; nothing where it is not written.
struct field_difference {
  std::string thing;
  std::string field;  // empty: the thing as a whole, which one of them does not have
  std::optional<std::string> file, running;
  bool operator==(const field_difference&) const = default;
};

/// What somebody decided since `base`, so that `running` has it, and `file` would take back.
/// Without a base: all in which the two differ.
std::vector<field_difference> lost_with(const outline& file, const outline& running,
                                        const outline* base);

/// "capacity 5 → 6", "queue.max not written → 50"; at most `most`, the last says how many more.
/// What is secret is only named.
std::vector<std::string> field_changes(const field_table& before, const field_table& after,
                                       std::size_t most = 8);
/// "agent xu: capacity: 5 in the file, 6 as it runs".
std::string to_string(const field_difference& d);

}  // namespace switchboard::config
