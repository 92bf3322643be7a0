#pragma once

#include <string_view>

#include "runtime/cel/value.hpp"

namespace switchboard {

/// Attributes deeper than this are no condition's business.
constexpr int attribute_depth = 16;

/// A packed MessagePack map as a CEL map: nil null, integers int (above 2^63−1 uint), floats
/// double, text string, binary and extensions bytes. No bytes are an empty map. What is no map, is
/// damaged, has other keys than text, integers and booleans, or nests deeper than `attribute_depth`
/// is an error value. Pure; thread-safe.
cel::value attribute_value(std::string_view packed);

}  // namespace switchboard
