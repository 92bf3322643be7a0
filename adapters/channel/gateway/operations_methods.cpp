#include "adapters/channel/gateway/session_call_of.hpp"
#include "runtime/log/log.hpp"

/// What a shift leader asks and decides.
namespace switchboard {

namespace {

/// For agents too: the session itself knows who may ask.
void why(gateway_call& c, on_session<ask::why>& a) {
  auto m = call_on(c, session_method::why, a.session);
  m.by = c.by.who_or_admin();
  to_session(c.services, std::move(m));
}

/// By an administrator, whatever else that account is, and whoever serves the session.
template <class What> void pass_on_as_admin(gateway_call& c, on_session<What>& a) {
  auto m = call_on(c, session_method::why, a.session);
  fill(m, a.what);
  m.by = c.by.as_admin();
  to_session(c.services, std::move(m));
}

/// What is done to a session over the heads of those in it: the session records who and why.
template <class What> void order_on_session(gateway_call& c, const session_id& session, What what) {
  on_session<What> a{session, std::move(what)};
  pass_on_as_admin(c, a);
}

struct reading {
  session_id session;
  std::uint64_t after = 0;
};
template <class V> void wire_fields(V& v, reading& x) {
  v.must("session_id", x.session);
  v.may("after", x.after, 0, codec::largest_integer);
}

/// As who serves it reads it. Nobody in the session is told, so the log says who looked.
void read_events(gateway_call& c, reading& a) {
  if (a.after == 0)
    log::info("transcript_read", {{"session", a.session}, {"by", agent_id{c.by.id}}});
  order_on_session(c, a.session, ask::events{a.after});
}

struct closing {
  session_id session;
  std::string reason, disposition;
};
template <class V> void wire_fields(V& v, closing& x) {
  v.must("session_id", x.session);
  v.must("reason", x.reason, 256);
  v.may("disposition", x.disposition, 128);
}

void close(gateway_call& c, closing& a) {
  order_on_session(c, a.session, ask::close{std::move(a.reason), std::move(a.disposition), {}});
}

struct moving {
  session_id session;
  std::string reason, to_group, to_agent;
};
template <class V> void wire_fields(V& v, moving& x) {
  v.must("session_id", x.session);
  v.must("reason", x.reason, 256);
  v.may("to_group", x.to_group, 64);
  v.may("to_agent", x.to_agent, 64);
}

/// From the agent who serves it, or from the queue where it waits. Neither group nor agent: by the
/// rules.
void move(gateway_call& c, moving& a) {
  if (!a.to_group.empty() && !a.to_agent.empty())
    return c.wrong("to_agent", "give either a group or an agent");
  order_on_session(c, a.session,
                   ask::move{std::move(a.to_group), std::move(a.to_agent), std::move(a.reason)});
}

void order_agent(gateway_call& c, agent_call&& m) {
  m.by = c.by.as_admin();
  m.known_by = c.known_by(key_kind::agent_change, m);
  m.reply = c.reply;
  auto agent = c.services.directory.find_agent(m.agent);
  if (!agent) return c.fail(errc::not_found, "agent: there is no such agent", "agent");
  caf::anon_send(agent, std::move(m));
}

struct state_order {
  std::string state;
  agent_id agent;
  std::string reason;
};
template <class V> void wire_fields(V& v, state_order& x) {
  v.must("state", x.state, 16);
  v.must("agent", x.agent, 64);
  v.must("reason", x.reason, 128);
}

void force_state(gateway_call& c, state_order& a) {
  agent_call m;
  m.method = agent_method::force_state;
  m.agent = std::move(a.agent);
  m.state = std::move(a.state);
  m.reason = std::move(a.reason);
  order_agent(c, std::move(m));
}

struct move_order {
  std::string to_group, to_agent;
  agent_id agent;
  std::string reason;
};
template <class V> void wire_fields(V& v, move_order& x) {
  v.may("to_group", x.to_group, 64);
  v.may("to_agent", x.to_agent, 64);
  v.must("agent", x.agent, 64);
  v.must("reason", x.reason, 128);
}

void move_sessions(gateway_call& c, move_order& a) {
  if (!a.to_group.empty() && !a.to_agent.empty())
    return c.wrong("to_agent", "give either a group or an agent");
  agent_call m;
  m.method = agent_method::move_sessions;
  m.agent = std::move(a.agent);
  m.to_group = std::move(a.to_group);
  m.to_agent = std::move(a.to_agent);
  m.reason = std::move(a.reason);
  order_agent(c, std::move(m));
}

}  // namespace

const endpoint endpoints::admin_agent_move = served_by<move_sessions>;
const endpoint endpoints::admin_agent_state = served_by<force_state>;
const endpoint endpoints::admin_bump = served_by<pass_on_as_admin<ask::bump>>;
const endpoint endpoints::admin_session_assign = served_by<pass_on_as_admin<ask::assign>>;
const endpoint endpoints::admin_session_close = served_by<close>;
const endpoint endpoints::admin_session_events = served_by<read_events>;
const endpoint endpoints::admin_session_move = served_by<move>;
const endpoint endpoints::admin_why = served_by<pass_on_as_admin<ask::why>>;
const endpoint endpoints::session_claim = served_by<pass_on<ask::claim>>;
const endpoint endpoints::session_why = served_by<why>;

}  // namespace switchboard
