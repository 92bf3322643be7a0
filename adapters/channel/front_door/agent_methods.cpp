#include "adapters/channel/front_door/front_door.hpp"

namespace switchboard {

void front_door::to_agent(call& c, agent_call&& m) {
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.agent = agent_id{c.by.id};
  m.reply = c.reply;
  auto agent = services_.directory.find_agent(m.agent);
  if (!agent) return c.reply.fail(0, error{errc::not_found, "the account is gone", {}, {}, 0});
  caf::anon_send(agent, std::move(m));
}

void front_door::agent_state(call& c) {
  agent_call m;
  m.method = agent_method::set_state;
  m.state = c.p.text("state", 16);
  m.reason = c.p.text_or_empty("reason", 128);
  to_agent(c, std::move(m));
}

void front_door::agent_snapshot(call& c) { to_agent(c, agent_call{}); }

void front_door::agent_accept(call& c) {
  agent_call m;
  m.method = agent_method::accept;
  m.offer = offer_id{c.p.text("offer_id", 128)};
  to_agent(c, std::move(m));
}

void front_door::agent_decline(call& c) {
  agent_call m;
  m.method = agent_method::decline;
  m.offer = offer_id{c.p.text("offer_id", 128)};
  m.reason = c.p.text_or_empty("reason", 256);
  to_agent(c, std::move(m));
}

namespace {

center_call center_params(codec::params& p, center_call::method what, const reply_to& reply) {
  center_call m;
  m.what = what;
  m.limit = static_cast<std::uint64_t>(p.maybe_integer("limit", 1, 100).value_or(20));
  m.reply = reply;
  return m;
}

}  // namespace

void front_door::product_search(call& c) {
  auto m = center_params(c.p, center_call::method::product_search, c.reply);
  m.text = c.p.text("text", 256);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  caf::anon_send(services_.centers.product, std::move(m));
}

void front_door::product_recommend(call& c) {
  auto m = center_params(c.p, center_call::method::product_recommend, c.reply);
  m.text = c.p.text("text", 256);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  caf::anon_send(services_.centers.product, std::move(m));
}

void front_door::order_list(call& c) {
  auto m = center_params(c.p, center_call::method::order_list, c.reply);
  m.member_id = c.p.text("member_id", 128);
  m.state = c.p.text_or_empty("state", 32);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  caf::anon_send(services_.centers.trade, std::move(m));
}

void front_door::order_get(call& c) {
  auto m = center_params(c.p, center_call::method::order_get, c.reply);
  m.id = c.p.text("order_id", 128);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  caf::anon_send(services_.centers.trade, std::move(m));
}

}  // namespace switchboard
