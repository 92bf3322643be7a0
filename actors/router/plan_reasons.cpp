#include "actors/router/plan_reasons.hpp"

namespace switchboard {

std::string clipped(std::string_view text, std::size_t most) {
  constexpr std::string_view dots = "...";
  if (text.size() <= most) return std::string(text);
  auto keep = most > dots.size() ? most - dots.size() : 0;
  while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xc0) == 0x80) --keep;
  return std::string(text.substr(0, keep)).append(dots);
}

}  // namespace switchboard
