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

void front_door::to_customer(call& c, customer_method method, const char* fields, bool lead_required) {
  customer_call m;
  m.method = method;
  m.person = person_id{c.p.text("customer_id", 300)};
  m.op_id = c.p.text_or_empty("op_id", 128);
  m.lead = lead_required ? c.p.text("lead_id", 128) : std::string{};
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 200).value_or(20));
  if (fields) {
    if (auto* map = c.p.map(fields)) m.fields.bytes = codec::packed(*map);
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = c.by.who();
  m.reply = c.reply;
  auto& directory = services_.directory.customers_of(m.person);
  caf::anon_send(directory, std::move(m));
}

void front_door::customer_get(call& c) { to_customer(c, customer_method::get, nullptr, false); }
void front_door::customer_update(call& c) { to_customer(c, customer_method::update, "fields", false); }
void front_door::customer_history(call& c) { to_customer(c, customer_method::history, nullptr, false); }
void front_door::lead_create(call& c) { to_customer(c, customer_method::lead_create, "fields", false); }
void front_door::lead_update(call& c) { to_customer(c, customer_method::lead_update, "fields", true); }
void front_door::lead_list(call& c) { to_customer(c, customer_method::lead_list, nullptr, false); }

}  // namespace switchboard
