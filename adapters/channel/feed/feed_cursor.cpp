#include "adapters/channel/feed/feed_cursor.hpp"

#include <charconv>

namespace switchboard {

namespace {

template <class N> bool read_number(std::string_view text, N& into) {
  auto end = text.data() + text.size();
  auto [stopped, trouble] = std::from_chars(text.data(), end, into);
  return trouble == std::errc{} && stopped == end;
}

}  // namespace

std::string feed_cursor::text() const {
  return std::to_string(at) + '.' + std::to_string(index);
}

std::optional<feed_cursor> feed_cursor::parse(std::string_view text) {
  feed_cursor c;
  auto dot = text.find('.');
  if (!read_number(text.substr(0, dot), c.at) || c.at == 0) return {};
  if (dot != text.npos && !read_number(text.substr(dot + 1), c.index)) return {};
  return c;
}

}  // namespace switchboard
