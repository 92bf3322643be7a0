#pragma once

#include <optional>
#include <string>
#include <string_view>

/// A page's cursor as callers see it: opaque text, here a key of the store in hexadecimal.
namespace switchboard::projecting {

inline std::string cursor_of_key(std::string_view key) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : key) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

inline std::optional<std::string> key_of_cursor(std::string_view cursor) {
  auto value = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 87 : -1;
  };
  if (cursor.size() % 2 != 0) return {};
  std::string out;
  for (std::size_t i = 0; i < cursor.size(); i += 2) {
    int high = value(cursor[i]), low = value(cursor[i + 1]);
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

}  // namespace switchboard::projecting
