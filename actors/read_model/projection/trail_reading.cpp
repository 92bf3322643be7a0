#include "actors/read_model/projection/trail_reading.hpp"

#include <algorithm>
#include <tuple>

#include "actors/read_model/projection/state_keys.hpp"
#include "config/quantity.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard::projecting {
namespace {

/// A session's line: its trail entry, and what kind of line it is.
struct session_line {
  std::string kind = "session";
  trail_entry entry;
};
template <class V> void describe(V& v, session_line& x) {
  v("kind", x.kind);
  describe(v, x.entry);
}

/// Earlier in the list.
bool before_in_list(const trail_line& a, const trail_line& b) {
  return std::tuple(b.at, std::string_view(a.kind), std::string_view(a.id)) <
         std::tuple(a.at, std::string_view(b.kind), std::string_view(b.id));
}

bool is_behind(const trail_line& l, const std::optional<trail_cursor>& c) {
  return !c || before_in_list({c->at, c->kind, c->id, {}}, l);
}

/// The person's sessions behind the cursor, up to so many.
void collect(const store::state_view& view, const person_id& person,
             const std::optional<trail_cursor>& before, std::size_t most,
             std::vector<trail_line>& out) {
  auto prefix = trail_prefix(person);
  auto from =
      before ? prefix + big_endian(~static_cast<std::uint64_t>(unix_ms(before->at))) : prefix;
  std::size_t n = 0;
  view.scan(table::trail, from, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(prefix)) return false;
    if (!in_trail(key, prefix)) return true;
    session_line s;
    if (!codec::unpack(packed, s.entry)) return true;
    trail_line line{s.entry.opened_at, s.kind, s.entry.session.text(), {}};
    if (!is_behind(line, before)) return true;
    line.packed = codec::pack(s, codec::audience::client);
    out.push_back(std::move(line));
    return ++n < most;
  });
}

}  // namespace

std::string to_text(const trail_cursor& c) {
  return std::to_string(unix_ms(c.at)) + '.' + c.kind + '.' + c.id;
}

result<trail_cursor> trail_cursor_of(std::string_view text) {
  auto first = text.find('.');
  auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  auto at = config::parse_integer(text.substr(0, first));
  if (second == std::string_view::npos || !at)
    return fail(errc::invalid_argument, "before: is no cursor of this list", "before");
  return trail_cursor{from_unix_ms(*at), std::string(text.substr(first + 1, second - first - 1)),
                      std::string(text.substr(second + 1))};
}

trail_page read_trail_page(const store::state_view& view, const std::vector<person_id>& persons,
                           std::vector<trail_line> extra, const std::optional<trail_cursor>& before,
                           std::size_t limit) {
  trail_page page;
  auto& lines = page.lines;
  for (auto& l : extra) {
    if (is_behind(l, before)) lines.push_back(std::move(l));
  }
  for (auto& p : persons) collect(view, p, before, limit + 1, lines);
  std::ranges::sort(lines, before_in_list);
  if (lines.size() > limit) {
    lines.resize(limit);
    auto& last = lines.back();
    page.next = to_text({last.at, last.kind, last.id});
  }
  return page;
}

}  // namespace switchboard::projecting
