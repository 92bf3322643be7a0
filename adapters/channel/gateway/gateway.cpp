#include "adapters/channel/gateway/gateway.hpp"

#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "runtime/base/text.hpp"
#include "runtime/hosting/unless_known.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

using codec::params;

namespace {

/// Of a call with a key it is told by whoever keeps the answers whether it was answered before: to
/// say it again writes nothing, however full the store is. Nothing of what frees is refused for
/// want of room but where the journal has none at all, and no answer could leave.
bool may_be_known(const rights::method_effect& of, const params& p) {
  if (of.does == store::work::frees) return false;
  // These have keys of their own, or say themselves what they are about.
  static constexpr std::string_view keyed[] = {"attachment.chunk", "attachment.finish",
                                               "message.answer",   "session.open",
                                               "session.send",     "session.whisper"};
  const auto* key = p.find("op_id");
  return (key && key->type == msgpack::type::STR && key->via.str.size > 0) ||
         std::ranges::find(keyed, of.method) != std::end(keyed);
}

}  // namespace

gateway::gateway(caf::actor_system& system, const gateway_services& services, bool trusted)
    : system_(system), services_(services), trusted_(trusted) {}

const gateway::served* gateway::find_method(std::string_view name) {
  using d = gateway;
  static constexpr std::pair<std::string_view, handler> rows[] = {
      {"session.open", &d::open},
      {"session.send", &d::send},
      {"session.recall", &d::recall},
      {"session.read", &d::read},
      {"session.typing", &d::typing},
      {"session.close", &d::close},
      {"session.rate", &d::rate},
      {"session.events", &d::events},
      {"session.subscribe", &d::subscribe},
      {"channel.subscribe", &d::channel_subscribe},
      {"channel.ack", &d::channel_ack},
      {"session.note", &d::note},
      {"session.tag", &d::tag},
      {"session.transfer", &d::transfer},
      {"session.transfer_cancel", &d::transfer_cancel},
      {"session.transfer_complete", &d::transfer_complete},
      {"session.wrap_up", &d::wrap_up},
      {"session.leave", &d::leave},
      {"session.remove", &d::remove},
      {"session.snooze", &d::snooze},
      {"session.wake", &d::wake},
      {"session.monitor", &d::monitor},
      {"session.whisper", &d::whisper},
      {"session.barge", &d::barge},
      {"session.takeover", &d::takeover},
      {"team.list", &d::team_list},
      {"agent.state", &d::agent_state},
      {"agent.snapshot", &d::agent_snapshot},
      {"agent.accept", &d::agent_accept},
      {"agent.decline", &d::agent_decline},
      {"customer.get", &d::customer_get},
      {"customer.update", &d::customer_update},
      {"customer.history", &d::customer_history},
      {"customer.changes", &d::customer_changes},
      {"customer.tag", &d::customer_tag},
      {"customer.block", &d::customer_block},
      {"customer.unblock", &d::customer_unblock},
      {"customer.merge", &d::customer_merge},
      {"customer.unmerge", &d::customer_unmerge},
      {"customer.mine", &d::customer_mine},
      {"customer.settle", &d::customer_settle},
      {"customer.search", &d::customer_search},
      {"customer.export", &d::customer_export},
      {"customer.dossier", &d::customer_dossier},
      {"customer.erase", &d::customer_erase},
      {"customer.cancel", &d::customer_cancel},
      {"customer.fields", &d::customer_fields},
      // catalog<kind, verb>: 0 sales channel, 1 campaign, 2 segment; 0 create, 1 update, 2 delete,
      // 3 list.
      {"sales_channel.create", &d::catalog<0, 0>},
      {"sales_channel.update", &d::catalog<0, 1>},
      {"sales_channel.delete", &d::catalog<0, 2>},
      {"sales_channel.list", &d::catalog<0, 3>},
      {"campaign.create", &d::catalog<1, 0>},
      {"campaign.update", &d::catalog<1, 1>},
      {"campaign.delete", &d::catalog<1, 2>},
      {"campaign.list", &d::catalog<1, 3>},
      {"segment.create", &d::catalog<2, 0>},
      {"segment.update", &d::catalog<2, 1>},
      {"segment.delete", &d::catalog<2, 2>},
      {"segment.list", &d::catalog<2, 3>},
      {"lead.create", &d::lead_create},
      {"lead.update", &d::lead_update},
      {"lead.list", &d::lead_list},
      {"product.search", &d::product_search},
      {"product.recommend", &d::product_recommend},
      {"order.list", &d::order_list},
      {"order.get", &d::order_get},
      {"admin.status", &d::admin_status},
      {"admin.sessions", &d::admin_sessions},
      {"admin.session", &d::admin_session},
      {"admin.agents", &d::admin_agents},
      {"admin.groups", &d::admin_groups},
      {"admin.activity", &d::admin_activity},
      {"admin.actor", &d::admin_actor},
      {"admin.actors", &d::admin_actors},
      {"session.why", &d::why},
      {"attachment.begin", &d::attachment_begin},
      {"attachment.chunk", &d::attachment_chunk},
      {"attachment.finish", &d::attachment_finish},
      {"attachment.read", &d::attachment_read},
      {"canned.list", &d::canned_list},
      {"canned.search", &d::canned_search},
      {"product.clicked", &d::product_clicked},
      {"product.credit", &d::product_credit},
      {"admin.why", &d::admin_why},
      {"admin.bump", &d::bump},
      {"admin.session_events", &d::admin_session_events},
      {"admin.session_close", &d::admin_session_close},
      {"admin.session_move", &d::admin_session_move},
      {"admin.session_assign", &d::admin_session_assign},
      {"admin.agent_state", &d::admin_agent_state},
      {"admin.agent_move", &d::admin_agent_move},
      {"admin.rules_check", &d::rules_check},
      {"admin.rules_diff", &d::rules_diff},
      {"admin.rules_apply", &d::rules_apply},
      {"admin.rules_history", &d::rules_history},
      {"admin.rules_show", &d::rules_show},
      {"admin.rules_rollback", &d::rules_rollback},
      {"admin.rules_conflicts", &d::rules_conflicts},
      {"admin.rules_keep", &d::rules_keep},
      {"admin.rules_edit", &d::rules_edit},
      {"admin.group_close", &d::group_close},
      {"admin.group_open", &d::group_open},
      {"admin.backup", &d::admin_backup},
      {"admin.centers", &d::admin_centers},
      {"account.create", &d::order<configuration_order::account_create>},
      {"account.update", &d::order<configuration_order::account_update>},
      {"account.disable", &d::order<configuration_order::account_disable>},
      {"account.enable", &d::order<configuration_order::account_enable>},
      {"account.set_password", &d::account_set_password},
      {"account.new_token", &d::account_new_token},
      {"account.list", &d::account_list},
      {"account.export", &d::account_export},
      {"account.import", &d::account_import},
      {"group.create", &d::order<configuration_order::group_create>},
      {"group.update", &d::order<configuration_order::group_update>},
      {"group.merge", &d::order<configuration_order::group_merge>},
      {"group.retire", &d::order<configuration_order::group_retire>},
      {"agent.times", &d::agent_times},
      {"session.claim", &d::claim},
      {"message.list", &d::message_list},
      {"message.claim", &d::message_claim},
      {"message.release", &d::message_release},
      {"message.dismiss", &d::message_dismiss},
      {"message.answer", &d::message_answer},
  };
  static const auto table = [] {
    std::unordered_map<std::string_view, served> all;
    for (auto& [method, by] : rows) all.emplace(method, served{by, rights::effect_of(method)});
    return all;
  }();
  auto row = table.find(name);
  return row == table.end() ? nullptr : &row->second;
}

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
  if (!by || by->role == caller::kind::nobody) {
    return from->fail(msgid, 0, error{errc::unauthenticated, "the first call is hello", {}, {}, 0});
  }
  auto* row = find_method(method);
  if (!row) {
    return from->fail(msgid, 0,
                      error{errc::unimplemented,
                            "unknown method " + std::string(utf8_prefix(method, 64)),
                            {},
                            {},
                            0});
  }
  if (!still_known(*by)) {
    return from->fail(msgid, 0, error{errc::permission_denied, "the account is gone", {}, {}, 0});
  }
  if (!rights::may_call(method, by->account)) {
    return from->fail(
        msgid, 0,
        error{errc::permission_denied, std::string(method) + " is not for this role", {}, {}, 0});
  }
  params p(map);
  call c{from, *by, p, {from, msgid}};
  if (!admits(row->effect, c)) return;
  // Here for all of them, so that no method can forget it; who writes keeps it
  // (docs/decisions/0035).
  if (row->effect.does != store::work::reads) c.op_id = p.text_or_empty("op_id", 128);
  try {
    (this->*row->by)(c);
  } catch (const store::damaged_data& e) {
    // The state has named it.
    c.reply.fail(0, error{errc::internal, e.what(), {}, {}, 0});
  }
}

void gateway::on_notify(const channel::peer_ptr& from, std::string_view method,
                        const msgpack::object& map) {
  auto* by = from->attached<caller>();
  if (!by || by->role == caller::kind::nobody || method != "session.typing" || !still_known(*by) ||
      !rights::may_call(method, by->account))
    return;
  params p(map);
  call c{from, *by, p, {}};
  typing(c);
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
/// (actors/access/method_effects.cpp).
bool gateway::admits(const rights::method_effect& of, call& c) const {
  if (!services_.gate) return true;
  const auto& to = c.reply;
  auto a = services_.gate->admits(of.does);
  if (!a.open) {
    error why{errc::resource_exhausted, a.reason, {}, {}, 0};
    if (!may_be_known(of, c.p)) return to.fail(0, why), false;
    c.reply.out = std::make_shared<unless_known>(c.reply.out, std::move(why));
    a.open = true;
  }
  // Who reads is told what is durable, and the answer knows what it waits for.
  const bool may_leave = of.leaves == rights::answer::at_once || of.does == store::work::reads;
  if (!a.open || may_leave) return a.open;
  // Its answer could not leave, and silence would tell the caller nothing.
  a = services_.gate->answers();
  if (!a.open) to.fail(0, error{errc::unavailable, a.reason, {}, {}, 0});
  return a.open;
}

void gateway::to_session(session_call&& m) {
  if (auto session = services_.directory.sessions.find(m.session)) {
    caf::anon_send(session, std::move(m));
  } else {
    auto shard = m.session.shard;
    caf::anon_send(services_.directory.directory_of(shard), std::move(m));
  }
}

}  // namespace switchboard
