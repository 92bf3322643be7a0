#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// What CEL can write down: 0001-01-01T00:00:00Z up to 9999-12-31T23:59:59.999999999Z.
inline constexpr std::int64_t first_second = -62135596800;
inline constexpr std::int64_t last_second = 253402300799;

/// RFC 3339, upper case `T` and `Z`, any offset, up to nine digits of fraction kept.
/// Nothing for any other text or for an instant out of range.
std::optional<instant> parse_timestamp(std::string_view text);
/// RFC 3339 in UTC, the fraction without trailing zeros.
std::string format_timestamp(instant at);

/// `1h30m`, `-23.4s`, `0`: units h m s ms us ns. Nothing for other text or beyond 64 bits of ns.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
/// Seconds with their fraction: `60.001s`.
std::string format_duration(std::chrono::nanoseconds d);

/// Nothing when the sum or difference is out of range.
std::optional<instant> add(instant at, std::chrono::nanoseconds d);
std::optional<std::chrono::nanoseconds> difference(instant a, instant b);

}  // namespace switchboard::cel
