#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/base/hash.hpp"

namespace switchboard::store {

/// How a value lies in the state: the bytes, then 4 bytes of CRC-32C (little-endian) over them and
/// the key, so that one found under another's key is seen as well.
inline constexpr std::size_t checksum_bytes = 4;

struct value_checksum {
  char bytes[checksum_bytes];
  std::string_view view() const { return {bytes, checksum_bytes}; }
};

inline value_checksum checksum_of(std::string_view key, std::string_view value) {
  const std::uint32_t sum = crc32c(key, crc32c(value));
  return {{char(sum), char(sum >> 8), char(sum >> 16), char(sum >> 24)}};
}

/// The value within what is stored; nothing where it is damaged.
inline std::optional<std::string_view> checked_value(std::string_view key,
                                                     std::string_view stored) {
  if (stored.size() < checksum_bytes) return std::nullopt;
  const auto value = stored.substr(0, stored.size() - checksum_bytes);
  if (checksum_of(key, value).view() != stored.substr(value.size())) return std::nullopt;
  return value;
}

}  // namespace switchboard::store
