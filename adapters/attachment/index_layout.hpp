#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"
#include "runtime/store/damage.hpp"
#include "runtime/store/lmdb_env.hpp"
#include "runtime/store/value_check.hpp"

/// How the index of files is laid out, and read where it may be damaged. Private to this room.
namespace switchboard::attachment {

inline constexpr std::size_t map_size = std::size_t{4} << 30;

inline std::string count_bytes(std::uint64_t n) {
  return {reinterpret_cast<const char*>(&n), sizeof n};
}

inline std::uint64_t count_of(std::optional<std::string_view> bytes) {
  std::uint64_t n = 0;
  if (bytes && bytes->size() == sizeof n)
    std::copy_n(bytes->data(), sizeof n, reinterpret_cast<char*>(&n));
  return n;
}

/// Sorted by time: what expires first comes first.
inline std::string expiry_key(timestamp at, const std::string& id) {
  std::string out;
  auto ms = static_cast<std::uint64_t>(unix_ms(at));
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(ms >> shift & 255);
  return out + id;
}

inline store::lmdb_options index_of(const std::string& dir) {
  store::lmdb_options o;
  o.dir = dir + "/index";
  o.map_size = map_size;
  return o;
}

/// Beside the index: one that could not be read, and was put there. While it is there no content
/// goes for want of a name.
inline std::string damaged_index_of(const std::string& dir) {
  return dir + "/index.damaged";
}

/// What `read` answers; a value whose checksum is wrong is an error in words.
template <class Read> auto readable(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const store::damaged_data& e) {
    return fail(errc::internal, e.what());
  }
}

/// Visits what is whole; answers how much is not.
inline std::size_t scan_whole(
    const store::lmdb_txn& txn, store::lmdb_table table, std::string_view from,
    const std::function<bool(std::string_view, std::optional<std::string_view>)>& visit) {
  std::size_t damaged = 0;
  table.sealed = nullptr;
  txn.scan(table, from, [&](std::string_view key, std::string_view stored) {
    const auto value = store::checked_value(key, stored);
    damaged += value ? 0 : 1;
    return visit(key, value);
  });
  return damaged;
}

/// Nothing where it is damaged: it is left so, and made anew by the next opening.
inline std::optional<std::uint64_t> whole_count(const store::lmdb_txn& txn, store::lmdb_table table,
                                                std::string_view key) {
  try {
    return count_of(txn.get(table, key));
  } catch (const store::damaged_data&) {
    return std::nullopt;
  }
}

}  // namespace switchboard::attachment
