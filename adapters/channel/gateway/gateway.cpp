#include "adapters/channel/gateway/gateway.hpp"

#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/endpoints.hpp"
#include "runtime/base/text.hpp"
#include "runtime/hosting/unless_known.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

namespace {

void refuse(const channel::peer_ptr& from, std::uint32_t msgid, errc code, std::string message) {
  from->fail(msgid, 0, error{code, std::move(message), {}, {}, 0});
}

/// Of a call with a key it is told by whoever keeps the answers whether it was answered before: to
/// say it again writes nothing, however full the store is. Nothing of what frees is refused for
/// want of room but where the journal has none at all, and no answer could leave.
bool may_be_known(const rights::method& of, const codec::params& p) {
  if (of.does == store::work::frees) return false;
  // These have keys of their own, or say themselves what they are about.
  static constexpr std::string_view keyed[] = {"attachment.chunk", "attachment.finish",
                                               "message.answer",   "session.open",
                                               "session.send",     "session.whisper"};
  const auto* key = p.find("op_id");
  return (key && key->type == msgpack::type::STR && key->via.str.size > 0) ||
         std::ranges::find(keyed, of.name) != std::end(keyed);
}

}  // namespace

/// An account's role, and that there still is one, follow the configuration in force.
bool gateway::still_known(caller& by) const {
  if (by.role != caller::kind::agent) return true;
  auto config = services_.config();
  if (config == by.known_in) return true;
  auto role = team_tree::role_of(*config, by.id);
  const auto& aside = config->disabled_agents;
  // Whoever is disabled or removed finishes what is being served, as an agent may, until the line
  // is ended: by the agent's own actor, which is there as long as it takes.
  if (!role &&
      (std::ranges::find(aside, agent_id{by.id}, &config::agent_config::id) != aside.end() ||
       services_.directory.find_agent(agent_id{by.id})))
    role = account_role::agent;
  if (!role) return false;
  by.account = *role;
  by.known_in = std::move(config);
  return true;
}

void gateway::on_call(const channel::peer_ptr& from, std::uint32_t msgid, std::string_view method,
                      const msgpack::object& map) {
  auto* by = from->attached<caller>();
  if (method == "hello") return hello(from, msgid, map);
  if (!by || by->role == caller::kind::nobody)
    return refuse(from, msgid, errc::unauthenticated, "the first call is hello");
  const auto place = rights::place_of(method);
  if (!place)
    return refuse(from, msgid, errc::unimplemented,
                  "unknown method " + std::string(utf8_prefix(method, 64)));
  if (!still_known(*by)) return refuse(from, msgid, errc::permission_denied, "the account is gone");
  if (!rights::may_call(method, by->account))
    return refuse(from, msgid, errc::permission_denied,
                  std::string(method) + " is not for this role");
  const auto& row = rights::methods()[*place];
  codec::params p(map);
  gateway_call c{services_, from, *by, p, {from, msgid}};
  if (!admits(row, c)) return;
  // Here for all of them, so that no method can forget it; who writes keeps it
  // (docs/decisions/0035).
  if (row.does != store::work::reads) c.op_id = p.text_or_empty("op_id", 128);
  try {
    endpoints::all()[*place]->serve(c);
  } catch (const store::damaged_data& e) {
    // The state has named it.
    c.fail(errc::internal, e.what());
  }
}

void gateway::on_notify(const channel::peer_ptr& from, std::string_view method,
                        const msgpack::object& map) {
  auto* by = from->attached<caller>();
  if (!by || by->role == caller::kind::nobody || method != "session.typing" || !still_known(*by) ||
      !rights::may_call(method, by->account))
    return;
  codec::params p(map);
  gateway_call c{services_, from, *by, p, {}};
  endpoints::session_typing.serve(c);
}

void gateway::on_close(const channel::peer_ptr& gone) {
  auto* by = gone->attached<caller>();
  if (!by) return;
  services_.connections.remove(gone->id());
  if (by->role == caller::kind::agent) {
    if (auto agent = services_.directory.find_agent(agent_id{by->id}))
      caf::anon_send(agent, agent_connection{gone, false});
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

/// What a method does to the store decides whether it is taken while room runs short
/// (actors/access/method_list.hpp).
bool gateway::admits(const rights::method& of, gateway_call& c) const {
  if (!services_.gate) return true;
  auto a = services_.gate->admits(of.does);
  if (!a.open) {
    error why{errc::resource_exhausted, a.reason, {}, {}, 0};
    if (!may_be_known(of, c.p)) return c.fail(why), false;
    c.reply.out = std::make_shared<unless_known>(c.reply.out, std::move(why));
  }
  // Who reads is told what is durable, and the answer knows what it waits for.
  if (of.leaves == rights::answer::at_once || of.does == store::work::reads) return true;
  // Its answer could not leave, and silence would tell the caller nothing.
  a = services_.gate->answers();
  if (!a.open) c.fail(errc::unavailable, a.reason);
  return a.open;
}

}  // namespace switchboard
