#pragma once

#include "runtime/base/clock.hpp"

/// Spans that the bounds of settings are made of.
namespace switchboard::config {

inline constexpr millis none{0};
inline constexpr millis second{1'000};
inline constexpr millis minute = 60 * second;
inline constexpr millis hour = 60 * minute;
inline constexpr millis day = 24 * hour;

}  // namespace switchboard::config
