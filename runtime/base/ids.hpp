#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {

/// A text identifier that cannot be mistaken for another kind of identifier.
template <class Tag> struct text_id {
  std::string value;

  text_id() = default;
  explicit text_id(std::string v) : value(std::move(v)) {}
  bool empty() const { return value.empty(); }
  auto operator<=>(const text_id&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, text_id& x) {
    return f(x.value);
  }
};

using agent_id = text_id<struct agent_tag>;
using group_id = text_id<struct group_tag>;
using channel_id = text_id<struct channel_tag>;
/// A person across channels: "m:<member id>" when a member is known, else "c:<channel>:<customer
/// id>".
using person_id = text_id<struct person_tag>;
/// Begins with its session's id: "<session>.<n>".
using offer_id = text_id<struct offer_tag>;
using transfer_id = text_id<struct transfer_tag>;

/// One of 256 virtual shards: the unit of ownership.
using shard_id = std::uint8_t;
constexpr int shard_count = 256;

/// A session's shard, fixed for life: FNV-1a 64 over channel, a zero byte, the customer's id there,
/// modulo 256.
shard_id session_shard(std::string_view channel, std::string_view customer);
/// The shard of any other entity: FNV-1a 64 over its kind's letter, a zero byte, its id, modulo
/// 256.
shard_id entity_shard(char kind, std::string_view id);

/// `s`, two hex digits of shard, a ULID: kept as 17 bytes, since half a million of them are held
/// many times over.
struct session_id {
  shard_id shard = 0;
  std::array<std::uint8_t, 16> ulid{};

  auto operator<=>(const session_id&) const = default;
  bool empty() const { return *this == session_id{}; }
  /// 29 characters.
  std::string text() const;
  /// Nothing if `text` is not such an id.
  static std::optional<session_id> parse(std::string_view text);

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, session_id& x) {
    return f(x.shard, x.ulid);
  }
};

/// A ULID (https://github.com/ulid/spec): 48 bits of `now`, 80 bits of randomness from `r1`, `r2`.
session_id make_session_id(shard_id shard, timestamp now, std::uint64_t r1, std::uint64_t r2);
/// The session whose id an offer or transfer id begins with.
std::optional<session_id> session_of(std::string_view offer_or_transfer);

std::string to_string(const session_id& id);

}  // namespace switchboard

template <class Tag> struct std::hash<switchboard::text_id<Tag>> {
  std::size_t operator()(const switchboard::text_id<Tag>& x) const noexcept {
    return std::hash<std::string>{}(x.value);
  }
};

template <> struct std::hash<switchboard::session_id> {
  std::size_t operator()(const switchboard::session_id& x) const noexcept {
    return switchboard::fnv1a({reinterpret_cast<const char*>(x.ulid.data()), x.ulid.size()});
  }
};
