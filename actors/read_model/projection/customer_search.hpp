#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/state.hpp"

/// Finds persons by what is indexed of them. A person merged away is found as its survivor.
namespace switchboard::projecting {

/// What is given must all hold: the beginning of a name, a whole telephone number, mail address,
/// tag.
struct customer_query {
  std::string name, phone, email, tag;
  std::string after;  // a cursor of an earlier page
  std::size_t limit = 20;
};

struct customer_page {
  std::vector<customer_record> found;
  std::string next;  // where to go on; empty: there are no more
};

/// A page looks at no more rows than this: where several conditions leave little, it may be empty
/// and still not be the last.
inline constexpr std::size_t search_looks_at = 1000;

/// `invalid_argument` where nothing to search by is given, or what is given is no such thing.
result<customer_page> search_customers(const store::state_view& view, const customer_query& q);

/// The person's record, or that of the one it was merged into, in the end.
customer_record read_shown(const store::state_view& view, const person_id& person);

/// A person as a list shows it.
struct customer_line {
  std::string customer_id, member_id, name, phone, email;
  std::vector<std::string> tags, channels;
  std::string blocked;  // the reason, where opens are refused
  std::int64_t leads = 0;
};
template <class V> void describe(V& v, customer_line& x) {
  v("customer_id", x.customer_id);
  v("member_id", x.member_id);
  v("name", x.name);
  v("phone", x.phone);
  v("email", x.email);
  v("tags", x.tags);
  v("channels", x.channels);
  v("blocked", x.blocked);
  v("leads", x.leads);
}
customer_line line_of(const customer_record& r);

}  // namespace switchboard::projecting
