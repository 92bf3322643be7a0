#include "actors/access/staff_ties.hpp"
#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/gateway.hpp"

namespace switchboard {

void gateway::to_agent(call& c, agent_call&& m) {
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.agent = agent_id{c.by.id};
  m.op_id = c.op_id;
  m.reply = c.reply;
  auto agent = services_.directory.find_agent(m.agent);
  if (!agent) return c.reply.fail(0, error{errc::not_found, "the account is gone", {}, {}, 0});
  caf::anon_send(agent, std::move(m));
}

/// Who sets its own state is not named in the call, for a reason given by somebody else is judged
/// otherwise.
repeatable gateway::known_by_self(const call& c, agent_call m) const {
  m.by = c.by.who();
  return known_by(c, key_kind::agent_change, m);
}

void gateway::agent_state(call& c) {
  agent_call m;
  m.method = agent_method::set_state;
  m.state = c.p.text("state", 16);
  m.reason = c.p.text_or_empty("reason", 128);
  m.known_by = known_by_self(c, m);
  to_agent(c, std::move(m));
}

void gateway::agent_snapshot(call& c) {
  to_agent(c, agent_call{});
}

void gateway::agent_accept(call& c) {
  agent_call m;
  m.method = agent_method::accept;
  m.offer = offer_id{c.p.text("offer_id", 128)};
  to_agent(c, std::move(m));
}

void gateway::agent_decline(call& c) {
  agent_call m;
  m.method = agent_method::decline;
  m.offer = offer_id{c.p.text("offer_id", 128)};
  m.reason = c.p.text_or_empty("reason", 256);
  to_agent(c, std::move(m));
}

/// One's own; of others who leads them, and administrators.
void gateway::agent_times(call& c) {
  constexpr std::int64_t latest_time = std::int64_t{1} << 53;
  agent_call m;
  m.method = agent_method::times;
  auto who =
      c.by.role == caller::kind::admin ? c.p.text("agent", 64) : c.p.text_or_empty("agent", 64);
  m.from = from_unix_ms(c.p.maybe_integer("from", 0, latest_time).value_or(0));
  m.to = from_unix_ms(c.p.maybe_integer("to", 0, latest_time).value_or(latest_time));
  if (c.p.ok() && m.to < m.from) c.p.reject("to", "expected no earlier than from");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (who.empty()) who = c.by.id;
  auto has = who == c.by.id ? tie::self : tie::nothing;
  if (team_tree::leads(*services_.config(), c.by.id, who)) has |= tie::team;
  if (!allowed(c, "agent.times", has)) {
    return c.reply.fail(0, error{errc::permission_denied,
                                 "agent: expected yourself, or somebody you lead",
                                 "agent",
                                 {},
                                 0});
  }
  m.agent = agent_id{who};
  m.reply = c.reply;
  auto agent = services_.directory.find_agent(m.agent);
  if (!agent)
    return c.reply.fail(0, error{errc::not_found, "agent: there is no such agent", "agent", {}, 0});
  caf::anon_send(agent, std::move(m));
}

}  // namespace switchboard
