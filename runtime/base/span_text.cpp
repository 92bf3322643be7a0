#include "runtime/base/span_text.hpp"

#include <algorithm>
#include <cstdio>

namespace switchboard {

std::string span_text(millis span, std::string_view between) {
  auto ms = std::max<long long>(0, span.count());
  auto s = ms / 1000;
  if (ms < 1000) return std::to_string(ms) + "ms";
  if (s < 60) return std::to_string(s) + '.' + std::to_string(ms % 1000 / 100) + 's';
  auto parts = [&](long long large, char of_large, long long small, char of_small) {
    char second[8];
    std::snprintf(second, sizeof second, "%02lld%c", small, of_small);
    return std::to_string(large) + of_large + std::string(between) + second;
  };
  if (s < 3600) return parts(s / 60, 'm', s % 60, 's');
  if (s < 86400) return parts(s / 3600, 'h', s % 3600 / 60, 'm');
  return parts(s / 86400, 'd', s % 86400 / 3600, 'h');
}

}  // namespace switchboard
