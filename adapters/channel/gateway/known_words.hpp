#pragma once

#include <cstddef>
#include <string>

namespace switchboard {

/// The words of an enumeration, for who has said another.
template <class Enum> std::string known_words(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += (out.empty() ? "" : ", ") + std::string(to_string(static_cast<Enum>(i)));
  return out;
}

}  // namespace switchboard
