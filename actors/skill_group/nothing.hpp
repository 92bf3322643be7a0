#pragma once

#include <cstdint>

namespace switchboard::dispatcher {

/// No slot, no leaf, no signature.
inline constexpr std::uint32_t nothing = 0xffffffffu;

}  // namespace switchboard::dispatcher
