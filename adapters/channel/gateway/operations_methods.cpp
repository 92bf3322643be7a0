#include "adapters/channel/gateway/gateway.hpp"
#include "runtime/log/log.hpp"

/// What a shift leader asks and decides.
namespace switchboard {

void gateway::why(call& c) {
  ask_why(c, c.by.role == caller::kind::admin ? participant{"admin", c.by.id, {}} : c.by.who());
}

/// Of every session, whoever serves it.
void gateway::admin_why(call& c) {
  ask_why(c, {"admin", c.by.id, {}});
}

/// For agents too: the session itself knows who may ask.
void gateway::ask_why(call& c, const participant& by) {
  auto id = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !id) c.p.reject("session_id", "is no session's id");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  session_call m;
  m.method = session_method::why;
  m.session = *id;
  m.by = by;
  m.account = c.by.account;
  m.reply = c.reply;
  to_session(std::move(m));
}

/// An agent takes a waiting session; its group decides whether that agent may.
void gateway::claim(call& c) {
  auto id = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !id) c.p.reject("session_id", "is no session's id");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  session_call m;
  m.method = session_method::claim;
  m.session = *id;
  m.op_id = c.op_id;
  m.by = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  to_session(std::move(m));
}

/// What is done to a session over the heads of those in it: the session records who and why.
session_call gateway::order_on_session(call& c, session_method method) {
  auto m = session_params(c, method);
  m.text = c.p.text("reason", 256);
  m.by = {"admin", c.by.id, {}};
  return m;
}

void gateway::bump(call& c) {
  auto m = order_on_session(c, session_method::bump);
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("priority", 1, 1'000).value_or(100));
  forward(c, std::move(m));
}

/// As who serves it reads it. Nobody in the session is told, so the log says who looked.
void gateway::admin_session_events(call& c) {
  auto m = session_params(c, session_method::events);
  m.number =
      static_cast<std::uint64_t>(c.p.maybe_integer("after", 0, std::int64_t{1} << 53).value_or(0));
  m.by = {"admin", c.by.id, {}};
  if (c.p.ok() && m.number == 0)
    log::info("transcript_read", {{"session", m.session}, {"by", agent_id{c.by.id}}});
  forward(c, std::move(m));
}

void gateway::admin_session_close(call& c) {
  auto m = order_on_session(c, session_method::close);
  m.text2 = c.p.text_or_empty("disposition", 128);
  forward(c, std::move(m));
}

/// From the agent who serves it, or from the queue where it waits. Neither group nor agent: by the
/// rules.
void gateway::admin_session_move(call& c) {
  auto m = order_on_session(c, session_method::move);
  m.to_group = c.p.text_or_empty("to_group", 64);
  m.to_agent = c.p.text_or_empty("to_agent", 64);
  if (!m.to_group.empty() && !m.to_agent.empty())
    c.p.reject("to_agent", "give either a group or an agent");
  forward(c, std::move(m));
}

/// A waiting session, to an agent who could take it: as if that agent had claimed it.
void gateway::admin_session_assign(call& c) {
  auto m = order_on_session(c, session_method::claim);
  m.to_agent = c.p.text("agent", 64);
  forward(c, std::move(m));
}

void gateway::order_agent(call& c, agent_call&& m) {
  m.agent = agent_id{c.p.text("agent", 64)};
  m.reason = c.p.text("reason", 128);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.by = {"admin", c.by.id, {}};
  m.known_by = known_by(c, key_kind::agent_change, m);
  m.reply = c.reply;
  auto agent = services_.directory.find_agent(m.agent);
  if (!agent)
    return c.reply.fail(0, error{errc::not_found, "agent: there is no such agent", "agent", {}, 0});
  caf::anon_send(agent, std::move(m));
}

void gateway::admin_agent_state(call& c) {
  agent_call m;
  m.method = agent_method::force_state;
  m.state = c.p.text("state", 16);
  order_agent(c, std::move(m));
}

void gateway::admin_agent_move(call& c) {
  agent_call m;
  m.method = agent_method::move_sessions;
  m.to_group = c.p.text_or_empty("to_group", 64);
  m.to_agent = c.p.text_or_empty("to_agent", 64);
  if (!m.to_group.empty() && !m.to_agent.empty())
    c.p.reject("to_agent", "give either a group or an agent");
  order_agent(c, std::move(m));
}

}  // namespace switchboard
