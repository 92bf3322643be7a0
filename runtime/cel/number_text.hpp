#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::cel {

/// The first doubles past an int and a uint.
inline constexpr double two_63 = 9223372036854775808.0;
inline constexpr double two_64 = 18446744073709551616.0;

/// Decimal text, an optional sign (int only) and nothing else around it.
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<std::uint64_t> parse_uint(std::string_view text);
/// Decimal with optional fraction and exponent, `inf`, `infinity` and `nan` in any case, a sign.
/// Nothing when the number is too large for a double.
std::optional<double> parse_double(std::string_view text);

/// The shortest digits that give the number back, with an exponent below 1e-4 and from 1e6 on (as
/// the reference implementation does for `string(x)`). `NaN`, `+Inf`, `-Inf`.
std::string format_double(double d);
/// The same digits, never with an exponent; `NaN`, `Infinity`, `-Infinity`. For `format`.
std::string format_double_plain(double d);

}  // namespace switchboard::cel
