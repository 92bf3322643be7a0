#include "config/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace switchboard::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t factor;
};

// From large to small: the order in which parts of one duration may follow each other.
constexpr std::array<unit, 5> time_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<unit, 5> size_units{
    {{"TiB", 1ll << 40}, {"GiB", 1ll << 30}, {"MiB", 1ll << 20}, {"KiB", 1ll << 10}, {"", 1}}};
constexpr std::int64_t longest_ms = 100ll * 366 * 86'400'000;

/// The digits `text` begins with, which are taken off it.
std::optional<std::int64_t> take_digits(std::string_view& text) {
  std::int64_t value = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (err != std::errc{} || value < 0 || text.front() == '-') return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

template <std::size_t N>
std::string in_largest_unit(std::int64_t value, const std::array<unit, N>& units) {
  for (const auto& u : units) {
    if (value % u.factor == 0) return std::to_string(value / u.factor) + std::string(u.name);
  }
  return std::to_string(value);
}

}  // namespace

std::optional<millis> parse_duration(std::string_view text) {
  if (text == "0") return millis{0};
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    auto count = take_digits(text);
    if (!count) return {};
    auto letters = text.substr(0, text.find_first_of("0123456789"));
    while (next_unit < time_units.size() && time_units[next_unit].name != letters) ++next_unit;
    if (next_unit == time_units.size()) return {};
    auto factor = time_units[next_unit++].factor;
    if (*count > (longest_ms - total) / factor) return {};
    total += *count * factor;
    text.remove_prefix(letters.size());
    if (text.empty()) return millis{total};
  }
  return {};
}

std::string format_duration(millis span) {
  return span.count() == 0 ? "0s" : in_largest_unit(span.count(), time_units);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  auto count = text.empty() ? std::nullopt : take_digits(text);
  if (!count) return {};
  for (const auto& u : size_units) {
    if (text != u.name) continue;
    if (*count > (1ll << 62) / u.factor) return {};
    return *count * u.factor;
  }
  return {};
}

std::string format_size(std::int64_t bytes) {
  return bytes == 0 ? "0" : in_largest_unit(bytes, size_units);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (err != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (err != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

}  // namespace switchboard::config
