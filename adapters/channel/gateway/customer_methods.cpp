#include <algorithm>

#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "adapters/channel/gateway/gateway.hpp"

/// One customer at a time: profile, trail, leads, merge, block.
namespace switchboard {
namespace {

constexpr std::int64_t latest = std::int64_t{1} << 53;

std::vector<std::string> read_tags(codec::params& p, std::string_view field) {
  std::vector<std::string> out;
  auto* array = p.maybe_array(field);
  for (std::uint32_t i = 0; array && i < array->via.array.size; ++i) {
    auto& o = array->via.array.ptr[i];
    bool good = o.type == msgpack::type::STR && o.via.str.size > 0 && o.via.str.size <= 64;
    if (!good || i >= 64) {
      p.reject(field, "expected at most 64 texts of 1 to 64 bytes");
      break;
    }
    out.emplace_back(o.via.str.ptr, o.via.str.size);
  }
  return out;
}

}  // namespace

/// As the configuration's own words for who may edit which field.
std::string gateway::role_of(const caller& by) {
  return std::string(by.role == caller::kind::admin ? "admin" : to_string(by.account));
}

participant gateway::who_of(const caller& by) const {
  auto who = by.who();
  if (by.role == caller::kind::admin) who.role = "admin";
  return who;
}

/// However the caller names it: the directory of persons says who that is.
person_id gateway::read_person(call& c, std::string_view field) {
  return person_id{c.p.text(field, 300)};
}

customer_call gateway::customer_params(call& c, customer_method method) {
  customer_call m;
  m.method = method;
  m.person = read_person(c);
  m.op_id = c.op_id;
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 200).value_or(20));
  return m;
}

void gateway::to_customer(call& c, customer_call&& m) {
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = who_of(c.by);
  m.role = role_of(c.by);
  m.reply = c.reply;
  auto& directory = services_.directory.customers_of(m.person);
  caf::anon_send(directory, std::move(m));
}

void gateway::customer_get(call& c) {
  to_customer(c, customer_params(c, customer_method::get));
}
void gateway::lead_list(call& c) {
  to_customer(c, customer_params(c, customer_method::lead_list));
}

void gateway::customer_update(call& c) {
  auto m = customer_params(c, customer_method::update);
  if (auto* map = c.p.map("fields")) m.fields.bytes = codec::packed(*map);
  to_customer(c, std::move(m));
}

void gateway::customer_history(call& c) {
  auto m = customer_params(c, customer_method::history);
  m.text = c.p.text_or_empty("before", 256);
  to_customer(c, std::move(m));
}

void gateway::customer_changes(call& c) {
  auto m = customer_params(c, customer_method::changes);
  m.text = c.p.text_or_empty("before", 2048);
  to_customer(c, std::move(m));
}

void gateway::customer_tag(call& c) {
  auto m = customer_params(c, customer_method::tag);
  m.add = read_tags(c.p, "add");
  m.remove = read_tags(c.p, "remove");
  to_customer(c, std::move(m));
}

void gateway::customer_block(call& c) {
  auto m = customer_params(c, customer_method::block);
  m.text = c.p.text("reason", 512);
  if (auto until = c.p.maybe_integer("until", 0, latest)) m.until = from_unix_ms(*until);
  to_customer(c, std::move(m));
}

void gateway::customer_unblock(call& c) {
  to_customer(c, customer_params(c, customer_method::unblock));
}

void gateway::customer_merge(call& c) {
  auto m = customer_params(c, customer_method::merge);
  m.other = read_person(c, "into").value;
  to_customer(c, std::move(m));
}

void gateway::customer_unmerge(call& c) {
  to_customer(c, customer_params(c, customer_method::unmerge));
}

void gateway::customer_mine(call& c) {
  customer_call m;
  m.method = customer_method::mine;
  m.op_id = c.op_id;
  m.person = read_person(c, "session_id");
  auto session = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !session) c.p.reject("session_id", "is no session's id");
  m.sessions = {session.value_or(session_id{})};
  to_customer(c, std::move(m));
}

void gateway::customer_settle(call& c) {
  auto m = customer_params(c, customer_method::settle);
  m.other = c.p.text("suggestion_id", 64);
  m.yes = c.p.boolean_or("accept", false);
  if (!c.p.find("accept")) c.p.reject("accept", "is required");
  to_customer(c, std::move(m));
}

/// What a lead takes over from its session: customer, channel, sales channel, campaign.
void gateway::from_session(call& c, customer_call& m, const session_id& session) {
  auto view = services_.state->view();
  auto s = projecting::read_session(*view, session);
  if (!s || s->person.empty()) return c.p.reject("session_id", "nobody is known by that session");
  if (m.person.empty()) m.person = s->person;
  trail_entry row;
  auto key = projecting::trail_key(s->person, s->opened_at, session);
  if (auto packed = view->find(projecting::table::trail, key)) codec::unpack(*packed, row);
  m.sessions = {session};
  m.from_channel = s->channel;
  m.sales_channel = row.sales_channel;
  m.campaign = row.campaign;
}

void gateway::lead_create(call& c) {
  customer_call m;
  m.method = customer_method::lead_create;
  m.op_id = c.op_id;
  auto session = c.p.text_or_empty("session_id", 64);
  if (session.empty() || c.p.find("customer_id")) m.person = read_person(c);
  if (auto* map = c.p.map("fields")) m.fields.bytes = codec::packed(*map);
  auto id = session_id::parse(session);
  if (!session.empty() && !id) c.p.reject("session_id", "is no session's id");
  if (id && services_.state) from_session(c, m, *id);
  to_customer(c, std::move(m));
}

void gateway::lead_update(call& c) {
  auto m = customer_params(c, customer_method::lead_update);
  m.lead = c.p.text("lead_id", 128);
  if (auto* map = c.p.map("fields")) m.fields.bytes = codec::packed(*map);
  to_customer(c, std::move(m));
}

}  // namespace switchboard
