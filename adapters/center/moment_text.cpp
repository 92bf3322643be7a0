#include <chrono>

#include "adapters/center/row_fields.hpp"

namespace switchboard::center {
namespace {

/// Takes exactly `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  int value = 0;
  for (char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<millis> take_time(std::string_view& text) {
  auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return {};
  auto minute = take_number(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return {};
  millis time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!take(text, ':')) return time;
  auto second = take_number(text, 2);
  if (!second || *second > 59) return {};
  time += std::chrono::seconds(*second);
  if (!take(text, '.')) return time;
  int scale = 100;
  for (auto digit = take_number(text, 1); digit; digit = take_number(text, 1), scale /= 10) {
    time += millis(*digit * scale);
  }
  return time;
}

/// "Z", "+08:00", "+0800"; nothing written is UTC.
std::optional<millis> take_zone(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return millis{0};
  bool west = text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return {};
  auto hour = take_number(text, 2);
  take(text, ':');
  auto minute = take_number(text, 2);
  if (!hour || !minute || *hour > 14 || *minute > 59) return {};
  millis east = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  return west ? -east : east;
}

}  // namespace

std::optional<timestamp> parse_moment(std::string_view text) {
  auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return {};
  auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return {};
  auto day = take_number(text, 2);
  if (!day) return {};
  std::chrono::year_month_day date(std::chrono::year(*year),
                                   std::chrono::month(static_cast<unsigned>(*month)),
                                   std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return {};
  timestamp at = std::chrono::sys_days(date);
  if (text.empty()) return at;
  if (!take(text, 'T') && !take(text, ' ')) return {};
  auto time = take_time(text);
  if (!time) return {};
  auto zone = take_zone(text);
  if (!zone || !text.empty()) return {};
  return at + *time - *zone;
}

std::optional<std::int64_t> parse_hundredths(std::string_view text) {
  auto dot = text.find('.');
  auto whole = text.substr(0, dot);
  auto part = dot == std::string_view::npos ? std::string_view("00") : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 12 || part.empty() || part.size() > 2) return {};
  auto value = take_number(whole, 1);
  std::int64_t total = value.value_or(-1);
  while (total >= 0 && !whole.empty()) {
    value = take_number(whole, 1);
    total = value ? total * 10 + *value : -1;
  }
  auto size = part.size();
  auto hundredths = take_number(part, size);
  if (total < 0 || !hundredths) return {};
  return total * 100 + *hundredths * (size == 1 ? 10 : 1);
}

}  // namespace switchboard::center
