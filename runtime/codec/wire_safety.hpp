#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// What a value on the wire may hold, so that every client can read it: text in UTF-8, keys of
/// text, no extension types, finite numbers, integers whose size no language's number loses. What
/// comes in is checked by the frame decoder; what versions before that check have stored is made
/// readable here.
namespace switchboard::codec {

/// The greatest integer on the wire; the least is its negative.
inline constexpr std::int64_t largest_integer = std::int64_t{1} << 53;

/// Whether `packed` is exactly one value that is as above. Looks at each byte once and allocates
/// nothing.
bool is_readable(std::string_view packed);

/// `packed`, with everything replaced that is not as above: bytes that are no UTF-8 by U+FFFD,
/// other keys by text, integers that are too large by the nearest float64, extension types and
/// numbers that are not finite by nil. An empty map where it is no value at all.
std::string made_readable(std::string_view packed);

}  // namespace switchboard::codec
