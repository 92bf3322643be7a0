#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/store/journal.hpp"

namespace switchboard {

/// A place in the feed: behind it lies everything before record `at`, and of that record the first
/// `index` events (those a customer does not see are counted too). Opaque to clients.
struct feed_cursor {
  store::position at = 0;
  std::uint32_t index = 0;

  auto operator<=>(const feed_cursor&) const = default;
  /// "<at>.<index>".
  std::string text() const;
  /// Also takes "<at>" alone, so that the number in the answer to a cursor too old can be sent back
  /// as it is. Nothing where it is neither.
  static std::optional<feed_cursor> parse(std::string_view text);
};

}  // namespace switchboard
