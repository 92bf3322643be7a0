#include "adapters/channel/front_door/front_door.hpp"

#include <algorithm>

#include "config/token.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

using codec::packer;
using codec::params;

front_door::front_door(caf::actor_system& system, const front_door_services& services, bool trusted)
    : system_(system), services_(services), trusted_(trusted) {}

const std::unordered_map<std::string_view, front_door::method_row>& front_door::methods() {
  using d = front_door;
  // channel, agent, admin
  static const std::unordered_map<std::string_view, method_row> table{
      {"session.open", {true, false, false, &d::open}},
      {"session.send", {true, true, false, &d::send}},
      {"session.recall", {true, true, false, &d::recall}},
      {"session.read", {true, true, false, &d::read}},
      {"session.typing", {true, true, false, &d::typing}},
      {"session.close", {true, true, false, &d::close}},
      {"session.rate", {true, false, false, &d::rate}},
      {"session.events", {true, true, false, &d::events}},
      {"session.subscribe", {true, true, false, &d::subscribe}},
      {"channel.subscribe", {true, false, false, &d::channel_subscribe}},
      {"channel.ack", {true, false, false, &d::channel_ack}},
      {"session.note", {false, true, false, &d::note}},
      {"session.tag", {false, true, false, &d::tag}},
      {"session.transfer", {false, true, false, &d::transfer}},
      {"session.transfer_cancel", {false, true, false, &d::transfer_cancel}},
      {"session.transfer_complete", {false, true, false, &d::transfer_complete}},
      {"session.wrap_up", {false, true, false, &d::wrap_up}},
      {"agent.state", {false, true, false, &d::agent_state}},
      {"agent.snapshot", {false, true, false, &d::agent_snapshot}},
      {"agent.accept", {false, true, false, &d::agent_accept}},
      {"agent.decline", {false, true, false, &d::agent_decline}},
      {"customer.get", {false, true, false, &d::customer_get}},
      {"customer.update", {false, true, false, &d::customer_update}},
      {"customer.history", {false, true, false, &d::customer_history}},
      {"lead.create", {false, true, false, &d::lead_create}},
      {"lead.update", {false, true, false, &d::lead_update}},
      {"lead.list", {false, true, false, &d::lead_list}},
      {"product.search", {false, true, false, &d::product_search}},
      {"product.recommend", {false, true, false, &d::product_recommend}},
      {"order.list", {false, true, false, &d::order_list}},
      {"order.get", {false, true, false, &d::order_get}},
      {"admin.status", {false, false, true, &d::admin_status}},
      {"admin.sessions", {false, false, true, &d::admin_sessions}},
      {"admin.session", {false, false, true, &d::admin_session}},
      {"admin.agents", {false, false, true, &d::admin_agents}},
      {"admin.groups", {false, false, true, &d::admin_groups}},
      {"admin.actors", {false, false, true, &d::admin_actors}},
      {"session.claim", {false, true, false, &d::claim}},
      {"message.list", {false, true, true, &d::message_list}},
      {"message.claim", {false, true, false, &d::message_claim}},
      {"message.release", {false, true, false, &d::message_release}},
      {"message.dismiss", {false, true, true, &d::message_dismiss}},
      {"message.answer", {false, true, false, &d::message_answer}},
      {"session.why", {false, true, false, &d::why}},
      {"admin.why", {false, false, true, &d::why}},
      {"admin.bump", {false, false, true, &d::bump}},
      {"admin.agent_state", {false, false, true, &d::admin_agent_state}},
      {"admin.agent_move", {false, false, true, &d::admin_agent_move}},
      {"admin.rules_check", {false, false, true, &d::rules_check}},
      {"admin.rules_diff", {false, false, true, &d::rules_diff}},
      {"admin.rules_apply", {false, false, true, &d::rules_apply}},
      {"admin.rules_history", {false, false, true, &d::rules_history}},
      {"admin.rules_show", {false, false, true, &d::rules_show}},
      {"admin.rules_rollback", {false, false, true, &d::rules_rollback}},
      {"admin.rules_edit", {false, false, true, &d::rules_edit}},
      {"admin.group_close", {false, false, true, &d::group_close}},
      {"admin.group_open", {false, false, true, &d::group_open}},
  };
  return table;
}

void front_door::on_call(const channel::peer_ptr& from, std::uint32_t msgid, std::string_view method,
                         const msgpack::object& map) {
  auto* by = from->attached<caller>();
  if (method == "hello") return hello(from, msgid, map);
  if (!by) {
    return from->fail(msgid, 0, error{errc::unauthenticated, "the first call is hello", {}, {}, 0});
  }
  auto row = methods().find(method);
  if (row == methods().end()) {
    return from->fail(msgid, 0, error{errc::unimplemented, "unknown method " + std::string(method.substr(0, 64)), {}, {}, 0});
  }
  auto& allowed = row->second;
  bool may = by->role == caller::kind::channel ? allowed.channel : by->role == caller::kind::agent ? allowed.agent : allowed.admin;
  if (!may) {
    return from->fail(msgid, 0, error{errc::permission_denied, std::string(method) + " is not for this role", {}, {}, 0});
  }
  params p(map);
  call c{from, *by, p, {from, msgid}};
  (this->*allowed.run)(c);
}

void front_door::on_notify(const channel::peer_ptr& from, std::string_view method, const msgpack::object& map) {
  auto* by = from->attached<caller>();
  if (!by || method != "session.typing" || by->role == caller::kind::admin) return;
  params p(map);
  call c{from, *by, p, {}};
  typing(c);
}

void front_door::hello(const channel::peer_ptr& from, std::uint32_t msgid, const msgpack::object& map) {
  params p(map);
  auto role = p.text("role", 16), id = p.text("id", 128), token = p.text_or_empty("token", 512);
  auto protocol = p.integer("protocol", 1, 1);
  if (!p.ok()) return from->fail(msgid, 0, p.why());
  if (from->attached<caller>()) {
    return from->fail(msgid, 0, error{errc::failed_precondition, "hello was said already", {}, {}, 0});
  }
  auto who = std::make_shared<caller>();
  auto config = services_.config();
  std::string stored;
  if (role == "channel") {
    auto it = std::ranges::find_if(config->channels, [&](auto& x) { return x.id.value == id; });
    if (it != config->channels.end()) stored = it->token_sha256;
    who->role = caller::kind::channel;
  } else if (role == "agent") {
    auto it = std::ranges::find_if(config->agents, [&](auto& x) { return x.id.value == id; });
    if (it != config->agents.end()) stored = it->token_sha256, who->name = it->name;
    who->role = caller::kind::agent;
  } else if (role == "admin") {
    who->role = caller::kind::admin;
  } else {
    return from->fail(msgid, 0, error{errc::invalid_argument, "role: expected channel, agent or admin", "role", {}, 0});
  }
  bool known = who->role != caller::kind::admin
                   ? config::token_matches(token, stored)
                   : trusted_ || std::ranges::any_of(config->admin_tokens,
                                                     [&](auto& t) { return config::token_matches(token, t.token_sha256); });
  if (!known) {
    from->fail(msgid, 0, error{errc::unauthenticated, "id and token do not belong together", {}, {}, 0});
    return from->close_after_flush(channel::close_reason::by_service);
  }
  who->id = id;
  from->attach(who);
  from->authenticated();
  if (who->role == caller::kind::agent) {
    if (auto agent = services_.directory.find_agent(agent_id{id})) caf::anon_send(agent, agent_connection{from, true});
  }
  packer a;
  a.map(4);
  field(a, "node", services_.node);
  field(a, "protocol", protocol);
  field(a, "time", services_.clock.now());
  a.str("limits").map(3);
  field(a, "message_bytes", static_cast<std::int64_t>(services_.message_bytes));
  field(a, "depth", static_cast<std::int64_t>(services_.depth));
  field(a, "window", static_cast<std::int64_t>(services_.window));
  from->reply(msgid, 0, a.take());
}

void front_door::on_close(const channel::peer_ptr& gone) {
  auto* by = gone->attached<caller>();
  if (!by) return;
  if (by->role == caller::kind::agent) {
    if (auto agent = services_.directory.find_agent(agent_id{by->id})) caf::anon_send(agent, agent_connection{gone, false});
  }
  for (auto& id : by->subscribed) {
    if (auto session = services_.directory.sessions.find(id)) {
      session_call m;
      m.method = session_method::unsubscribe;
      m.session = id;
      m.by = by->who();
      m.reply = {gone, 0};
      caf::anon_send(session, std::move(m));
    }
  }
  if (by->feeds && services_.feed) services_.feed->unsubscribe(gone->id());
}

/// New work is refused while journal or disk is nearly full, or the projector too far behind.
bool front_door::admits(const reply_to& to) {
  auto a = services_.journal.admits();
  if (!a.open) to.fail(0, error{errc::resource_exhausted, a.reason, {}, {}, 0});
  return a.open;
}

void front_door::to_session(session_call&& m) {
  if (auto session = services_.directory.sessions.find(m.session)) {
    caf::anon_send(session, std::move(m));
  } else {
    auto shard = m.session.shard;
    caf::anon_send(services_.directory.directory_of(shard), std::move(m));
  }
}

}  // namespace switchboard
