#include <algorithm>

#include "actors/access/staff_ties.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/request_reader.hpp"

/// Messages left while nobody was there: listed, taken on, answered on the customer's channel.
namespace switchboard {

/// Agents see those of their groups; who leads and administrators all, also those left with no
/// group.
void gateway::message_list(call& c) {
  read_messages m;
  const auto only = c.p.text_or_empty("group", 64);
  m.after = c.p.text_or_empty("after", 256);
  m.limit = static_cast<std::uint64_t>(c.p.maybe_integer("limit", 1, 200).value_or(50));
  const auto config = services_.config();
  const auto me = std::ranges::find(config->agents, agent_id{c.by.id}, &config::agent_config::id);
  for (auto& g : config->groups) {
    const bool in =
        me != config->agents.end() && std::ranges::find(me->groups, g.id) != me->groups.end();
    if (allowed(c, "message.list", in ? tie::group : tie::nothing)) m.groups.push_back(g.id);
  }
  if (!only.empty()) {
    std::erase_if(m.groups, [&](auto& g) { return g.value != only; });
    if (m.groups.empty()) c.p.reject("group", "there is no such group, or it is not yours");
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  // What was left with a group that has been merged since is there under its old name.
  for (auto& g : config->groups) {
    if (std::ranges::find(m.groups, g.id) == m.groups.end()) continue;
    m.groups.insert(m.groups.end(), g.formerly.begin(), g.formerly.end());
  }
  // A plan that begins with leaving a message leads to no group: without those who see all, nobody
  // would see it.
  if (only.empty() && allowed(c, "message.list", tie::nothing)) m.groups.push_back(group_id{});
  m.reply = c.reply;
  caf::anon_send(services_.directory.archive, std::move(m));
}

session_call gateway::left_message_params(call& c, session_method method) {
  session_call m;
  m.method = method;
  auto id = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !id) c.p.reject("session_id", "is no session's id");
  m.session = id.value_or(session_id{});
  m.op_id = c.op_id;
  m.by = c.by.role == caller::kind::admin ? participant{"admin", c.by.id, {}} : c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  return m;
}

void gateway::message_claim(call& c) {
  auto m = left_message_params(c, session_method::claim_message);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  to_session(std::move(m));
}

void gateway::message_release(call& c) {
  auto m = left_message_params(c, session_method::release_message);
  m.text = c.p.text_or_empty("reason", 256);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  to_session(std::move(m));
}

void gateway::message_dismiss(call& c) {
  auto m = left_message_params(c, session_method::dismiss_message);
  m.text = c.p.text("reason", 256);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  to_session(std::move(m));
}

void gateway::message_answer(call& c) {
  auto m = left_message_params(c, session_method::answer_message);
  // To the customer an administrator's connection is one of those who lead.
  if (c.by.role == caller::kind::admin) m.by.role = "supervisor";
  auto content = gateway_reading::message(c.p);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  m.text = std::move(content.type);
  m.text2 = std::move(content.client_msg_id);
  m.body = std::move(content.body);
  to_session(std::move(m));
}

}  // namespace switchboard
