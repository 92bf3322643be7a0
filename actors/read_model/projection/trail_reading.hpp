#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/customer/trail_entry.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/state.hpp"

/// The service trail as agents see it: sessions of everybody who is shown under one customer, with
/// what comes from elsewhere (orders, leads), newest first, a page at a time.
namespace switchboard::projecting {

/// One line: `packed` is the map that goes out.
struct trail_line {
  timestamp at{};
  std::string kind, id;
  std::string packed;
};

struct trail_page {
  std::vector<trail_line> lines;
  std::string next;  // the cursor to go on behind; empty: there is nothing more
};

/// What `more` tells apart of two lines of one instant: kind, then id. A cursor names the last line
/// of a page, so that a page begins behind it whatever has come in before it meanwhile.
struct trail_cursor {
  timestamp at{};
  std::string kind, id;
};
std::string to_text(const trail_cursor& c);
result<trail_cursor> trail_cursor_of(std::string_view text);

/// `extra` in any order; what is not behind `before` is left out.
trail_page read_trail_page(const store::state_view& view, const std::vector<person_id>& persons,
                           std::vector<trail_line> extra, const std::optional<trail_cursor>& before,
                           std::size_t limit);

}  // namespace switchboard::projecting
