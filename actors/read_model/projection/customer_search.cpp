#include "actors/read_model/projection/customer_search.hpp"

#include <algorithm>
#include <set>

#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/page_cursor.hpp"
#include "actors/read_model/projection/state_keys.hpp"

namespace switchboard::projecting {
namespace {

/// The conditions in the forms the index has them.
struct wanted {
  std::string name, phone, email, tag;

  bool holds(const customer_record& r) const {
    auto is = [](contact_kind kind, const std::string& value, const std::string& want) {
      return want.empty() || contact_form(kind, value) == want;
    };
    return (name.empty() ||
            contact_form(contact_kind::name, r.profile.name.value).starts_with(name)) &&
           is(contact_kind::phone, r.profile.phone.value, phone) &&
           is(contact_kind::email, r.profile.email.value, email) &&
           (tag.empty() || std::ranges::find(r.tags, tag, &customer_tag::tag) != r.tags.end());
  }
  /// The keys to walk along: of the condition that leaves the fewest.
  std::string start() const {
    if (!phone.empty()) return contact_prefix(contact_kind::phone, phone);
    if (!email.empty()) return contact_prefix(contact_kind::email, email);
    if (!name.empty()) return contact_start(contact_kind::name, name);
    return contact_prefix(contact_kind::tag, tag);
  }
};

result<wanted> read(const customer_query& q) {
  wanted w;
  auto take = [&](contact_kind kind, const std::string& from, std::string& into) {
    into = contact_form(kind, from);
    return from.empty() || !into.empty();
  };
  if (!take(contact_kind::phone, q.phone, w.phone))
    return fail(errc::invalid_argument, "phone: expected a telephone number", "phone");
  if (!take(contact_kind::email, q.email, w.email))
    return fail(errc::invalid_argument, "email: expected an e-mail address", "email");
  take(contact_kind::name, q.name, w.name);
  take(contact_kind::tag, q.tag, w.tag);
  if (w.name.empty() && w.phone.empty() && w.email.empty() && w.tag.empty())
    return fail(errc::invalid_argument,
                "name: expected one of name, phone, email, tag or condition", "name");
  return w;
}

}  // namespace

customer_record read_shown(const store::state_view& view, const person_id& person) {
  // A merge into one that is merged itself later makes a chain; none is longer than merges allow.
  constexpr int longest_chain = 16;
  auto r = read_customer(view, person);
  for (int i = 0; i < longest_chain && r.merged_into; ++i)
    r = read_customer(view, person_id{r.merged_into->survivor});
  return r;
}

result<customer_page> search_customers(const store::state_view& view, const customer_query& q) {
  auto w = read(q);
  if (!w) return tl::unexpected(w.error());
  auto start = w->start();
  auto from = start;
  if (!q.after.empty()) {
    auto key = key_of_cursor(q.after);
    if (!key || !key->starts_with(start))
      return fail(errc::invalid_argument, "after: is no cursor of this search", "after");
    from = *key;
  }
  customer_page page;
  if (start.empty()) return page;
  std::set<person_id> seen;
  std::size_t looked_at = 0;
  view.scan(table::contacts, from, [&](std::string_view key, std::string_view id) {
    if (!key.starts_with(start)) return false;
    if (page.found.size() == q.limit || looked_at == search_looks_at) {
      page.next = cursor_of_key(key);
      return false;
    }
    ++looked_at;
    person_id person{std::string(id)};
    auto own = read_customer(view, person);
    if (!w->holds(own)) return true;
    auto shown = own.merged_into ? read_shown(view, person) : std::move(own);
    if (seen.insert(shown.person).second) page.found.push_back(std::move(shown));
    return true;
  });
  return page;
}

customer_line line_of(const customer_record& r) {
  customer_line l;
  l.customer_id = r.person.value;
  l.member_id = r.member_id;
  l.name = r.profile.name.value;
  l.phone = r.profile.phone.value;
  l.email = r.profile.email.value;
  for (auto& t : r.tags) l.tags.push_back(t.tag);
  for (auto& i : r.identities) {
    if (std::ranges::count(l.channels, i.channel) == 0) l.channels.push_back(i.channel);
  }
  if (r.blocked) l.blocked = r.blocked->reason;
  l.leads = static_cast<std::int64_t>(r.leads.size());
  return l;
}

}  // namespace switchboard::projecting
