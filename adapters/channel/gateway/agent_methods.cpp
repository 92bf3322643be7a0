#include "actors/access/staff_ties.hpp"
#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/endpoints.hpp"

/// What agents do themselves, and what is known of their time.
namespace switchboard {

namespace {

void to_self(gateway_call& c, agent_call&& m) {
  m.agent = agent_id{c.by.id};
  m.op_id = c.op_id;
  m.reply = c.reply;
  auto agent = c.services.directory.find_agent(m.agent);
  if (!agent) return c.fail(errc::not_found, "the account is gone");
  caf::anon_send(agent, std::move(m));
}

struct state_arguments {
  std::string state, reason;
};
template <class V> void wire_fields(V& v, state_arguments& x) {
  v.must("state", x.state, 16);
  v.may("reason", x.reason, 128);
}

void set_state(gateway_call& c, state_arguments& a) {
  agent_call m;
  m.method = agent_method::set_state;
  m.state = std::move(a.state);
  m.reason = std::move(a.reason);
  // Who sets its own state is not named in the call, for a reason given by somebody else is judged
  // otherwise.
  m.by = c.by.who();
  m.known_by = c.known_by(key_kind::agent_change, m);
  m.by = {};
  to_self(c, std::move(m));
}

void snapshot(gateway_call& c) {
  to_self(c, agent_call{});
}

struct acceptance {
  offer_id offer;
};
template <class V> void wire_fields(V& v, acceptance& x) {
  v.must("offer_id", x.offer, 128);
}

void take_offer(gateway_call& c, acceptance& a) {
  agent_call m;
  m.method = agent_method::accept;
  m.offer = std::move(a.offer);
  to_self(c, std::move(m));
}

struct refusal {
  offer_id offer;
  std::string reason;
};
template <class V> void wire_fields(V& v, refusal& x) {
  v.must("offer_id", x.offer, 128);
  v.may("reason", x.reason, 256);
}

void decline(gateway_call& c, refusal& a) {
  agent_call m;
  m.method = agent_method::decline;
  m.offer = std::move(a.offer);
  m.reason = std::move(a.reason);
  to_self(c, std::move(m));
}

struct time_span {
  std::string agent;
  timestamp from{}, to = from_unix_ms(codec::largest_integer);
};
template <class V> void wire_fields(V& v, time_span& x) {
  v.may("agent", x.agent, 64);
  v.may("from", x.from, 0, codec::largest_integer);
  v.may("to", x.to, 0, codec::largest_integer);
}

/// One's own; of others who leads them, and administrators.
void times(gateway_call& c, time_span& a) {
  if (a.agent.empty() && c.by.role == caller::kind::admin)
    return c.wrong("agent", c.p.find("agent") ? "must not be empty" : "is required");
  if (a.to < a.from) return c.wrong("to", "expected no earlier than from");
  if (a.agent.empty()) a.agent = c.by.id;
  auto has = a.agent == c.by.id ? tie::self : tie::nothing;
  if (team_tree::leads(*c.services.config(), c.by.id, a.agent)) has |= tie::team;
  if (!c.allowed("agent.times", has))
    return c.fail(errc::permission_denied, "agent: expected yourself, or somebody you lead",
                  "agent");
  agent_call m;
  m.method = agent_method::times;
  m.agent = agent_id{a.agent};
  m.from = a.from;
  m.to = a.to;
  m.reply = c.reply;
  auto agent = c.services.directory.find_agent(m.agent);
  if (!agent) return c.fail(errc::not_found, "agent: there is no such agent", "agent");
  caf::anon_send(agent, std::move(m));
}

}  // namespace

const endpoint endpoints::agent_accept = served_by<take_offer>;
const endpoint endpoints::agent_decline = served_by<decline>;
const endpoint endpoints::agent_snapshot = served_by<snapshot>;
const endpoint endpoints::agent_state = served_by<set_state>;
const endpoint endpoints::agent_times = served_by<times>;

}  // namespace switchboard
