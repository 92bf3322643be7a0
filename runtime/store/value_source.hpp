#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// How a damaged value of the state can come about again, though the journal no longer begins at
/// its first record: from the records of the one entity it is of, where those are all there. Empty:
/// it cannot.
struct value_source {
  struct entity {
    entity_kind kind = entity_kind::session;
    std::string key;
    auto operator<=>(const entity&) const = default;
  };
  /// Whose records alone make that row; nothing where others have a part in it.
  std::function<std::optional<entity>(std::string_view table, std::string_view key)> entity_of;
  /// Whether a record holds the first events of its entity.
  std::function<bool(const record&)> begins;
  /// What the keys of all rows begin with that are made anew together with that one, since the
  /// batches divide them; empty: the row stands for itself.
  std::function<std::string(std::string_view table, std::string_view key)> together;
};

}  // namespace switchboard::store
