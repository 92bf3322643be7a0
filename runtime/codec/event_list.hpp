#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "runtime/codec/described.hpp"

/// How the events of agents, customers, the catalog and the configuration lie in a record:
/// MessagePack arrays [kind, at, payload] one after the other (without `at` where a version has its
/// own time). Sessions have a form of their own (session_codec.hpp).
namespace switchboard::codec {

/// One event as it lies there. The views point into the record.
struct listed_event {
  std::uint64_t kind = 0;  // its place among the kinds, from 1 (kind_number.hpp)
  timestamp at{};
  std::string_view payload;
};

/// Visits the events in order, until `visit` answers false. False then, and where the bytes are
/// damaged (those before were visited). `timed`: they hold `at`.
template <class Visit> bool for_each_listed(std::string_view events, bool timed, Visit visit) {
  byte_reader in(events);
  while (!in.at_end()) {
    const std::uint32_t known = timed ? 3 : 2;
    const auto fields = in.array();
    const auto kind = in.uinteger();
    const auto at = timed ? in.integer() : std::optional<std::int64_t>(0);
    const auto payload = in.value();
    if (!fields || *fields < known || !kind || !at || !payload) return false;
    // What a newer version appended.
    for (auto more = *fields - known; more > 0; --more) {
      if (!in.skip()) return false;
    }
    if (!visit(listed_event{*kind, from_unix_ms(*at), *payload})) return false;
  }
  return true;
}

enum class kind_read { sound, unknown, damaged };

/// Reads the payload as the alternative of `out` that `kind` names. `unknown` is one of a newer
/// version.
template <class Kinds, std::size_t I = 0>
kind_read unpack_kind(std::uint64_t kind, std::string_view payload, Kinds& out) {
  if constexpr (I < std::variant_size_v<Kinds>) {
    if (I + 1 != kind) return unpack_kind<Kinds, I + 1>(kind, payload, out);
    return unpack(payload, out.template emplace<I>()) ? kind_read::sound : kind_read::damaged;
  } else {
    return kind_read::unknown;
  }
}

}  // namespace switchboard::codec
