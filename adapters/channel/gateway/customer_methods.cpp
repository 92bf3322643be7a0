#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "adapters/channel/gateway/customer_call_of.hpp"

/// One customer at a time: profile, trail, leads, merge, block.
namespace switchboard {

namespace {

void to_customer(gateway_call& c, customer_call&& m) {
  m.op_id = c.op_id;
  m.by = c.by.who_or_admin();
  m.role = role_of(c.by);
  m.reply = c.reply;
  auto& directory = c.services.directory.customers_of(m.person);
  caf::anon_send(directory, std::move(m));
}

customer_call call_of(customer_method method, person_id& person) {
  customer_call m;
  m.method = method;
  m.person = std::move(person);
  m.number = 20;
  return m;
}

/// What needs nothing but the customer.
template <customer_method What> void ask_for(gateway_call& c, named_customer& a) {
  to_customer(c, call_of(What, a.person));
}

struct change {
  person_id person;
  codec::packed_value fields;
};
template <class V> void wire_fields(V& v, change& x) {
  v.must("customer_id", x.person, 300);
  v.must("fields", x.fields);
}

void update(gateway_call& c, change& a) {
  auto m = call_of(customer_method::update, a.person);
  m.fields = std::move(a.fields);
  to_customer(c, std::move(m));
}

/// A page of what there is of a customer; a cursor of `Longest` bytes at most.
template <std::size_t Longest> struct page {
  person_id person;
  std::uint64_t limit = 20;
  std::string before;
};
template <class V, std::size_t Longest> void wire_fields(V& v, page<Longest>& x) {
  v.must("customer_id", x.person, 300);
  v.may("limit", x.limit, 1, 200);
  v.may("before", x.before, Longest);
}

template <customer_method What, std::size_t Longest>
void ask_page(gateway_call& c, page<Longest>& a) {
  auto m = call_of(What, a.person);
  m.number = a.limit;
  m.text = std::move(a.before);
  to_customer(c, std::move(m));
}

struct first_leads {
  person_id person;
  std::uint64_t limit = 20;
};
template <class V> void wire_fields(V& v, first_leads& x) {
  v.must("customer_id", x.person, 300);
  v.may("limit", x.limit, 1, 200);
}

void list_leads(gateway_call& c, first_leads& a) {
  auto m = call_of(customer_method::lead_list, a.person);
  m.number = a.limit;
  to_customer(c, std::move(m));
}

struct tagging {
  person_id person;
  std::vector<std::string> add, remove;
};
template <class V> void wire_fields(V& v, tagging& x) {
  v.must("customer_id", x.person, 300);
  v.may("add", x.add, codec::text_list{64, 64});
  v.may("remove", x.remove, codec::text_list{64, 64});
}

void tag(gateway_call& c, tagging& a) {
  auto m = call_of(customer_method::tag, a.person);
  m.add = std::move(a.add);
  m.remove = std::move(a.remove);
  to_customer(c, std::move(m));
}

struct blocking {
  person_id person;
  std::string reason;
  std::optional<timestamp> until;
};
template <class V> void wire_fields(V& v, blocking& x) {
  v.must("customer_id", x.person, 300);
  v.must("reason", x.reason, 512);
  v.may("until", x.until, 0, codec::largest_integer);
}

void block(gateway_call& c, blocking& a) {
  auto m = call_of(customer_method::block, a.person);
  m.text = std::move(a.reason);
  m.until = a.until;
  to_customer(c, std::move(m));
}

struct merging {
  person_id person, into;
};
template <class V> void wire_fields(V& v, merging& x) {
  v.must("customer_id", x.person, 300);
  v.must("into", x.into, 300);
}

void merge(gateway_call& c, merging& a) {
  auto m = call_of(customer_method::merge, a.person);
  m.other = std::move(a.into.value);
  to_customer(c, std::move(m));
}

struct of_a_session {
  session_id session;
};
template <class V> void wire_fields(V& v, of_a_session& x) {
  v.must("session_id", x.session);
}

void mine(gateway_call& c, of_a_session& a) {
  customer_call m;
  m.method = customer_method::mine;
  m.person = person_id{a.session.text()};
  m.sessions = {a.session};
  to_customer(c, std::move(m));
}

struct settling {
  person_id person;
  std::string suggestion;
  bool accept = false;
};
template <class V> void wire_fields(V& v, settling& x) {
  v.must("customer_id", x.person, 300);
  v.must("suggestion_id", x.suggestion, 64);
  v.must("accept", x.accept);
}

void settle(gateway_call& c, settling& a) {
  auto m = call_of(customer_method::settle, a.person);
  m.other = std::move(a.suggestion);
  m.yes = a.accept;
  to_customer(c, std::move(m));
}

/// What a lead takes over from its session: customer, channel, sales channel, campaign. False where
/// nobody is known by it.
bool take_over(const store::state& state, const session_id& session, customer_call& m) {
  auto view = state.view();
  auto s = projecting::read_session(*view, session);
  if (!s || s->person.empty()) return false;
  if (m.person.empty()) m.person = s->person;
  trail_entry row;
  auto key = projecting::trail_key(s->person, s->opened_at, session);
  if (auto packed = view->find(projecting::table::trail, key)) codec::unpack(*packed, row);
  m.sessions = {session};
  m.from_channel = s->channel;
  m.sales_channel = row.sales_channel;
  m.campaign = row.campaign;
  return true;
}

/// For the customer of a session, or for whom it names beside it.
struct new_lead {
  std::optional<session_id> session;
  std::string person;
  codec::packed_value fields;
};
template <class V> void wire_fields(V& v, new_lead& x) {
  v.may("session_id", x.session);
  if (x.session)
    v.may("customer_id", x.person, 300);
  else
    v.must("customer_id", x.person, 300);
  v.must("fields", x.fields);
}

void create_lead(gateway_call& c, new_lead& a) {
  customer_call m;
  m.method = customer_method::lead_create;
  if (a.person.empty() && c.p.find("customer_id"))
    return c.wrong("customer_id", "must not be empty");
  m.person = person_id{std::move(a.person)};
  m.fields = std::move(a.fields);
  if (a.session && c.services.state && !take_over(*c.services.state, *a.session, m))
    return c.wrong("session_id", "nobody is known by that session");
  to_customer(c, std::move(m));
}

struct lead_change {
  person_id person;
  std::string lead;
  codec::packed_value fields;
};
template <class V> void wire_fields(V& v, lead_change& x) {
  v.must("customer_id", x.person, 300);
  v.must("lead_id", x.lead, 128);
  v.must("fields", x.fields);
}

void update_lead(gateway_call& c, lead_change& a) {
  auto m = call_of(customer_method::lead_update, a.person);
  m.lead = std::move(a.lead);
  m.fields = std::move(a.fields);
  to_customer(c, std::move(m));
}

}  // namespace

const endpoint endpoints::customer_block = served_by<block>;
const endpoint endpoints::customer_changes = served_by<ask_page<customer_method::changes, 2048>>;
const endpoint endpoints::customer_get = served_by<ask_for<customer_method::get>>;
const endpoint endpoints::customer_history = served_by<ask_page<customer_method::history, 256>>;
const endpoint endpoints::customer_merge = served_by<merge>;
const endpoint endpoints::customer_mine = served_by<mine>;
const endpoint endpoints::customer_settle = served_by<settle>;
const endpoint endpoints::customer_tag = served_by<tag>;
const endpoint endpoints::customer_unblock = served_by<ask_for<customer_method::unblock>>;
const endpoint endpoints::customer_unmerge = served_by<ask_for<customer_method::unmerge>>;
const endpoint endpoints::customer_update = served_by<update>;
const endpoint endpoints::lead_create = served_by<create_lead>;
const endpoint endpoints::lead_list = served_by<list_leads>;
const endpoint endpoints::lead_update = served_by<update_lead>;

}  // namespace switchboard
