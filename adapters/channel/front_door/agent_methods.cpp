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



}  // namespace switchboard
