#include <algorithm>

#include "actors/session/left_message_machine.hpp"
#include "actors/session/session_body.hpp"

/// What agents take by themselves: a waiting session, a message that was left.
namespace switchboard {

using codec::packer;

namespace {

const config::agent_config* find_agent(const config::dispatch_config& c, const std::string& id) {
  const auto a = std::ranges::find(c.agents, agent_id{id}, &config::agent_config::id);
  return a == c.agents.end() ? nullptr : &*a;
}

bool is_in(const config::agent_config& a, const group_id& g) {
  return std::ranges::find(a.groups, g) != a.groups.end();
}

}  // namespace

/// The group decides by the same clauses as for its own choice; of the groups it waits in, the
/// first that has the agent. A shift leader may have another take it.
void session_body::call_claim(const session_call& m, request_key key) {
  const auto at = services_.journal.last();
  if (s_.phase != session_phase::waiting) {
    return m.reply.fail(at, error{errc::failed_precondition,
                                  "the session does not wait: " + std::string(to_string(s_.phase)),
                                  "session_id",
                                  {},
                                  0});
  }
  const auto config = services_.config();
  const auto* agent = find_agent(*config, m.to_agent.empty() ? m.by.id : m.to_agent);
  if (!m.to_agent.empty() && !agent) {
    return m.reply.fail(at,
                        error{errc::not_found, "agent: there is no such agent", "agent", {}, 0});
  }
  if (!may_take(m)) {
    return m.reply.fail(at, error{errc::permission_denied,
                                  "session_id: you are in none of the groups it waits in",
                                  "session_id",
                                  {},
                                  0});
  }
  for (auto& g : dispatch_.standing().open()) {
    auto group = directory().find_group(g);
    if (!agent || !group || !is_in(*agent, g)) continue;
    // Before it is known whether the agent can: then it says who wanted it, and why.
    if (!m.to_agent.empty()) {
      packer body;
      field(body.map(1), "text", "for " + m.to_agent + ": " + m.text);
      commit({event::note{m.by, {body.take()}}});
    }
    return self_->send(group, claim_waiter{s_.id, agent->id, m.reply, key});
  }
  m.reply.fail(at, error{errc::failed_precondition,
                         m.to_agent.empty() ? "session_id: the groups it waits in are closing"
                                            : "agent: is in none of the groups it waits in",
                         m.to_agent.empty() ? "session_id" : "agent",
                         {},
                         0});
}

void session_body::call_left_message(session_call& m, request_key key) {
  if (s_.left && !may_take(m)) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::permission_denied,
                              "session_id: it was left with " + s_.left->group.value,
                              "session_id",
                              {},
                              0});
  }
  namespace work = left_message_machine;
  const auto t = now();
  switch (m.method) {
    case session_method::claim_message:
      return act(m, key, work::claim(s_, m.by, t));
    case session_method::release_message:
      return act(m, key, work::release(s_, m.by, m.text, t));
    case session_method::dismiss_message:
      return act(m, key, work::dismiss(s_, m.by, m.text, t));
    default:
      break;
  }
  message_content content;
  content.client_msg_id = m.text2;
  content.type = m.text;
  content.body = std::move(m.body);
  auto decided = work::answer(s_, m.by, content, t);
  // What may be said, and how, holds here as in any session.
  if (decided && !receive(m.by, *decided, m.reply)) return;
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  // The message's own place, the same when it is said again.
  const auto seq = s_.seq + 1;
  settle_seq(m.reply, key, std::move(*decided), seq);
}

}  // namespace switchboard
