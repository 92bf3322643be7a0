#pragma once

#include <cstdint>
#include <string_view>

namespace switchboard::cel {

/// A place in a condition's text: both from 1, columns in code points.
struct position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

position position_at(std::string_view text, std::size_t byte_offset);

}  // namespace switchboard::cel
