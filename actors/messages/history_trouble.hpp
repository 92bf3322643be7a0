#pragma once

#include <cstdint>

namespace switchboard {

/// `last` of a history_page whose part of the transcript is damaged: it has no events.
inline constexpr std::uint64_t history_is_damaged = ~std::uint64_t{0};

}  // namespace switchboard
