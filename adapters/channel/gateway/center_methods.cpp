#include "actors/access/staff_ties.hpp"
#include "adapters/channel/gateway/gateway.hpp"

namespace switchboard {

namespace {

constexpr std::int64_t latest_time = std::int64_t{1} << 53;

center_call center_params(codec::params& p, center_call::method what) {
  center_call m;
  m.what = what;
  m.limit = static_cast<std::uint64_t>(p.maybe_integer("limit", 1, 100).value_or(20));
  m.anew = p.boolean_or("anew", false);
  return m;
}

std::optional<timestamp> moment(codec::params& p, std::string_view field) {
  auto ms = p.maybe_integer(field, 0, latest_time);
  if (!ms) return {};
  return from_unix_ms(*ms);
}

/// `states`, or the one `state` of the first version.
std::vector<std::string> states(codec::params& p) {
  std::vector<std::string> out;
  if (auto one = p.text_or_empty("state", 32); !one.empty()) out.push_back(std::move(one));
  auto* array = p.maybe_array("states");
  if (!array) return out;
  for (std::uint32_t i = 0; i < array->via.array.size && i < 16; ++i) {
    auto& o = array->via.array.ptr[i];
    if (o.type != msgpack::type::STR || o.via.str.size > 32) {
      p.reject("states", "expected texts");
      break;
    }
    out.emplace_back(o.via.str.ptr, o.via.str.size);
  }
  return out;
}

}  // namespace

/// By `session_id` the session says who the customer is; else `member_id` does.
void gateway::ask_centers(call& c, center_call&& m, const center_actor& center) {
  auto session = c.p.text_or_empty("session_id", 64);
  m.member_id = c.p.text_or_empty("member_id", 128);
  auto id = session_id::parse(session);
  if (c.p.ok() && !session.empty() && !id) c.p.reject("session_id", "is no session's id");
  bool whose = m.what == center_call::method::order_list;
  if (c.p.ok() && whose && session.empty() && m.member_id.empty()) {
    c.p.reject("session_id", "missing; expected session_id or member_id");
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!id) {
    m.reply = c.reply;
    return caf::anon_send(center, std::move(m));
  }
  session_call ask;
  ask.method = session_method::ask_center;
  ask.session = *id;
  ask.by = c.by.who();
  ask.account = c.by.account;
  ask.body.bytes = codec::pack(m);
  ask.reply = c.reply;
  to_session(std::move(ask));
}

void gateway::product_search(call& c) {
  auto m = center_params(c.p, center_call::method::product_search);
  m.text = c.p.text("text", 256);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.reply = c.reply;
  caf::anon_send(services_.centers.product, std::move(m));
}

void gateway::product_recommend(call& c) {
  auto m = center_params(c.p, center_call::method::product_recommend);
  m.text = c.p.text_or_empty("text", 256);
  ask_centers(c, std::move(m), services_.centers.product);
}

void gateway::order_list(call& c) {
  auto m = center_params(c.p, center_call::method::order_list);
  m.states = states(c.p);
  m.from = moment(c.p, "from");
  m.to = moment(c.p, "to");
  ask_centers(c, std::move(m), services_.centers.trade);
}

void gateway::order_get(call& c) {
  auto m = center_params(c.p, center_call::method::order_get);
  m.id = c.p.text("order_id", 128);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.reply = c.reply;
  caf::anon_send(services_.centers.trade, std::move(m));
}

void gateway::product_clicked(call& c) {
  auto m = session_params(c, session_method::card_clicked);
  m.text = c.p.text("product_id", 128);
  m.number =
      static_cast<std::uint64_t>(c.p.maybe_integer("message_seq", 1, latest_time).value_or(0));
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  to_session(std::move(m));
}

/// Accounts see their own.
void gateway::product_credit(call& c) {
  credit_call m;
  m.agent = c.p.text_or_empty("agent", 128);
  m.from = moment(c.p, "from").value_or(timestamp{});
  m.to = moment(c.p, "to").value_or(from_unix_ms(latest_time));
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  const bool everybody = allowed(c, "product.credit");
  if (!everybody && m.agent.empty()) m.agent = c.by.id;
  if (!allowed(c, "product.credit", m.agent == c.by.id ? tie::self : tie::nothing)) {
    return c.reply.fail(
        0, error{errc::permission_denied, "agent: agents see their own", "agent", {}, 0});
  }
  m.reply = c.reply;
  caf::anon_send(services_.credit, std::move(m));
}

}  // namespace switchboard
