#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

namespace switchboard::codec {

template <class Kind, class Kinds> struct kind_number_of;
template <class Kind, class... Kinds> struct kind_number_of<Kind, std::variant<Kinds...>> {
  static_assert((std::is_same_v<Kind, Kinds> || ...), "is none of these kinds");
  static constexpr std::uint8_t value = [] {
    std::uint8_t n = 0, at = 0;
    ((++n, at = std::is_same_v<Kind, Kinds> ? n : at), ...);
    return at;
  }();
};

/// The number a kind of event is stored under: its place among all kinds, from 1.
template <class Kind, class Kinds>
inline constexpr std::uint8_t kind_number = kind_number_of<Kind, Kinds>::value;

}  // namespace switchboard::codec
