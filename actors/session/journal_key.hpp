#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/ids.hpp"

namespace switchboard {

/// A session's key in its journal records: 17 bytes, shard and ULID (docs/journal_format.md).
inline std::string journal_key(const session_id& id) {
  std::string key(1, static_cast<char>(id.shard));
  key.append(reinterpret_cast<const char*>(id.ulid.data()), id.ulid.size());
  return key;
}

/// Nothing if it is too short for one.
inline std::optional<session_id> session_of_journal_key(std::string_view key) {
  session_id id;
  if (key.size() < 1 + id.ulid.size()) return {};
  id.shard = static_cast<shard_id>(key[0]);
  std::memcpy(id.ulid.data(), key.data() + 1, id.ulid.size());
  return id;
}

}  // namespace switchboard
