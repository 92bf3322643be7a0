#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"

/// How durations and sizes are written in a configuration file.
namespace switchboard::config {

/// "300ms", "20s", "5m", "24h", "7d", also joined from large to small: "1h30m". A bare "0" is no
/// time at all. Nothing for anything else, for a negative or a fraction, and past a hundred years.
std::optional<millis> parse_duration(std::string_view text);
/// The shortest text that parses back to the same span, in one unit: "90m", "300ms", "0s".
std::string format_duration(millis span);

/// "512", "64KiB", "16MiB", "10GiB", "1TiB" (powers of 1024, as the names say). Nothing for
/// anything else.
std::optional<std::int64_t> parse_size(std::string_view text);
/// In the largest unit that divides it: "64KiB".
std::string format_size(std::int64_t bytes);

/// A whole decimal number, sign allowed, nothing around it.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// A decimal number, no inf and no nan.
std::optional<double> parse_number(std::string_view text);

}  // namespace switchboard::config
