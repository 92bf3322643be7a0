#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "runtime/store/state.hpp"

/// The history of a person's profile: a row for everything that changed, kept when the journal is
/// trimmed.
namespace switchboard::projecting {

/// `what`: profile, heard, tag, lead, block, merge, suggestion. `field` and the two values by it.
struct change_row {
  timestamp at{};
  std::string source, what, field, before, after;
};
template <class V> void describe(V& v, change_row& x) {
  v("at", x.at);
  v("source", x.source);
  v("what", x.what);
  v("field", x.field);
  v("before", x.before);
  v("after", x.after);
}

/// What an event changes of the record as it was.
std::vector<change_row> changes_by(const customer_record& was, const customer_payload& e,
                                   timestamp at);
/// Whether a packed row tells of a merge with `other`, or of its end.
bool is_merge_with(std::string_view packed_row, const person_id& other);
bool is_change_of(std::string_view key, std::string_view person_prefix);

struct change_page {
  std::vector<change_row> rows;
  std::string next;  // where the page after this one begins; empty: there is none
};
/// Newest first, from behind the cursor `before` on. `invalid_argument` for what is no cursor.
result<change_page> read_changes(const store::state_view& view, const person_id& person,
                                 std::string_view before, std::size_t limit);

}  // namespace switchboard::projecting
