#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

#include "tools/switchboardctl/text_table.hpp"

/// How single figures are written. Private to this room.
namespace switchboard::whatif {

inline std::string percent_text(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", share * 100);
  return text;
}

inline std::string number_text(double x, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return text;
}

inline std::string wait_text(double ms) {
  return terminal::span_text(std::llround(ms));
}

inline std::string count_text(std::uint64_t n) {
  return terminal::count_text(static_cast<long long>(n));
}

/// "08:30", or from the second day on "2d 08:30".
inline std::string clock_text(std::int64_t at_ms, int start_minute) {
  const auto minute = at_ms / 60'000 + start_minute;
  char text[48];
  const auto day = minute / 1440;
  const auto of_day = static_cast<int>(minute % 1440);
  if (day == 0) {
    std::snprintf(text, sizeof text, "%02d:%02d", of_day / 60, of_day % 60);
  } else {
    std::snprintf(text, sizeof text, "%lldd %02d:%02d", static_cast<long long>(day) + 1,
                  of_day / 60, of_day % 60);
  }
  return text;
}

}  // namespace switchboard::whatif
