#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/request_reader.hpp"

/// Handing a session on, joining one, putting one off, and what supervisors do.
namespace switchboard {

namespace {

constexpr std::int64_t latest = std::int64_t{1} << 53;

}  // namespace

void gateway::transfer(call& c) {
  auto m = session_params(c, session_method::transfer);
  m.mode = c.p.text_or_empty("mode", 16);
  if (m.mode.empty()) m.mode = "cold";
  m.text = c.p.text_or_empty("note", 2048);
  if (auto* to = c.p.map("to")) {
    codec::params t(*to, "to");
    m.to_group = t.text_or_empty("group", 128);
    m.to_agent = t.text_or_empty("agent", 128);
    m.by_rules = t.boolean_or("route", false);
    int named = (m.to_group.empty() ? 0 : 1) + (m.to_agent.empty() ? 0 : 1) + (m.by_rules ? 1 : 0);
    if (named != 1) t.reject({}, "expected one of group, agent, route: true");
    c.p.absorb(t);
  }
  forward(c, std::move(m));
}

/// The session is the one the transfer's id begins with.
void gateway::end_of_transfer(call& c, session_method method) {
  session_call m;
  m.method = method;
  m.text = c.p.text("transfer_id", 96);
  auto session = session_of(m.text);
  if (c.p.ok() && !session) c.p.reject("transfer_id", "is no transfer's id");
  m.session = session.value_or(session_id{});
  m.op_id = c.op_id;
  m.by = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  forward(c, std::move(m));
}

void gateway::transfer_cancel(call& c) {
  end_of_transfer(c, session_method::transfer_cancel);
}
void gateway::transfer_complete(call& c) {
  end_of_transfer(c, session_method::transfer_complete);
}

void gateway::leave(call& c) {
  forward(c, session_params(c, session_method::leave));
}

void gateway::remove(call& c) {
  auto m = session_params(c, session_method::remove);
  m.to_agent = c.p.text("agent", 128);
  forward(c, std::move(m));
}

void gateway::snooze(call& c) {
  auto m = session_params(c, session_method::snooze);
  m.number = static_cast<std::uint64_t>(c.p.maybe_integer("until", 1, latest).value_or(0));
  m.text = c.p.text_or_empty("reason", 256);
  forward(c, std::move(m));
}

void gateway::wake(call& c) {
  forward(c, session_params(c, session_method::wake));
}
void gateway::monitor(call& c) {
  forward(c, session_params(c, session_method::monitor));
}
void gateway::barge(call& c) {
  forward(c, session_params(c, session_method::barge));
}
void gateway::takeover(call& c) {
  forward(c, session_params(c, session_method::takeover));
}

void gateway::whisper(call& c) {
  auto m = session_params(c, session_method::whisper);
  auto content = gateway_reading::message(c.p);
  m.op_id = content.client_msg_id;
  m.mode = content.type;
  m.body = std::move(content.body);
  forward(c, std::move(m));
}

/// The teams the caller leads, with the leaders and members of each.
void gateway::team_list(call& c) {
  auto config = services_.config();
  auto led = team_tree::led_by(*config, c.by.id);
  codec::packer p;
  p.map(1).str("teams").array(static_cast<std::uint32_t>(led.size()));
  auto pack_ids = [&](const char* name, const std::vector<agent_id>& ids) {
    p.str(name).array(static_cast<std::uint32_t>(ids.size()));
    for (auto& id : ids) p.str(id.value);
  };
  for (auto* team : led) {
    p.map(5);
    field(p, "id", team->id);
    field(p, "name", team->name);
    field(p, "parent", team->parent);
    pack_ids("leaders", team->leaders);
    pack_ids("members", team->members);
  }
  c.reply.ok(0, p.take());
}

}  // namespace switchboard
