#pragma once

#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"

namespace switchboard {

/// A span as people read it: "412ms", "3.2s", "1m 20s", "2h 05m", "4d 03h"; "0ms" for a negative
/// one. `between` stands between its two parts.
std::string span_text(millis span, std::string_view between = " ");

}  // namespace switchboard
