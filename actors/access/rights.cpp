#include "actors/access/rights.hpp"

#include <algorithm>
#include <array>

#include "actors/access/staff_ties.hpp"

namespace switchboard {
namespace rights {
namespace {

constexpr ties none = tie::nothing, any = tie::anyone, team = tie::team;
constexpr ties owner = tie::owner;
constexpr ties speaks = tie::owner | tie::speaker;
constexpr ties present = speaks | tie::listener;
/// Whoever is, was or may become responsible for the session, and whoever takes part in it.
constexpr ties near = present | tie::offered | tie::past;
constexpr ties team_also = tie::team | tie::team_over;
constexpr ties self = tie::self, group = tie::group;
constexpr ties near_group = tie::group | tie::team_group;

/// The customer's calls, which no account makes.
constexpr row of_customers(std::string_view method) {
  return {method, {any, none, none, none, none, none}};
}
/// A session's: the same ties for every role, and for who leads what `more` says; an admin is like
/// everybody's leader.
constexpr row in_session(std::string_view method, ties customer, ties everybody, ties more = none) {
  return {method,
          {customer, everybody, ties(everybody | more), ties(everybody | more),
           ties(everybody | more), none}};
}
/// Leaders and above, each for the teams they lead. Not the console.
constexpr row of_leaders(std::string_view method) {
  return {method, {none, none, team, team, team, none}};
}
/// Every account with a role, about itself or about a customer. Not the console.
constexpr row of_accounts(std::string_view method) {
  return {method, {none, any, any, any, any, none}};
}
/// As of_accounts, and the console too.
constexpr row of_staff(std::string_view method) {
  return {method, {none, any, any, any, any, any}};
}
/// Leaders (or supervisors) and above, wherever the customer is served, and the console.
constexpr row from_leader(std::string_view method) {
  return {method, {none, none, any, any, any, any}};
}
constexpr row from_supervisor(std::string_view method) {
  return {method, {none, none, none, any, any, any}};
}
constexpr row of_admins(std::string_view method) {
  return {method, {none, none, none, none, any, any}};
}
/// About messages that were left: agents by the group, who leads everywhere.
constexpr row of_left_messages(std::string_view method, ties console = none) {
  return {method, {none, group, any, any, any, console}};
}

// By name.
constexpr std::array rows{
    of_admins("account.create"),
    of_admins("account.disable"),
    of_admins("account.enable"),
    of_admins("account.export"),
    of_admins("account.import"),
    of_admins("account.list"),
    of_admins("account.new_token"),
    of_admins("account.set_password"),
    of_admins("account.update"),
    of_admins("admin.activity"),
    of_admins("admin.actor"),
    of_admins("admin.actors"),
    of_admins("admin.agent_move"),
    of_admins("admin.agent_state"),
    of_admins("admin.agents"),
    of_admins("admin.backup"),
    of_admins("admin.bump"),
    of_admins("admin.centers"),
    of_admins("admin.group_close"),
    of_admins("admin.group_open"),
    of_admins("admin.groups"),
    of_admins("admin.rules_apply"),
    of_admins("admin.rules_check"),
    of_admins("admin.rules_conflicts"),
    of_admins("admin.rules_diff"),
    of_admins("admin.rules_edit"),
    of_admins("admin.rules_history"),
    of_admins("admin.rules_keep"),
    of_admins("admin.rules_rollback"),
    of_admins("admin.rules_show"),
    of_admins("admin.session"),
    of_admins("admin.session_assign"),
    of_admins("admin.session_close"),
    of_admins("admin.session_events"),
    of_admins("admin.session_move"),
    of_admins("admin.sessions"),
    of_admins("admin.status"),
    of_admins("admin.why"),
    of_accounts("agent.accept"),
    of_accounts("agent.decline"),
    of_accounts("agent.snapshot"),
    of_accounts("agent.state"),
    // Oneself, and whom one leads.
    row{"agent.times", {none, self, self | tie::team, self | tie::team, self | tie::team, any}},
    // As a message of the session would be; what has begun goes on for who began it.
    in_session("attachment.begin", any, speaks),
    row{"attachment.chunk", {any, any, any, any, any, none}},
    row{"attachment.finish", {any, any, any, any, any, none}},
    in_session("attachment.read", any, near, tie::team_over),
    from_supervisor("campaign.create"),
    from_supervisor("campaign.delete"),
    of_staff("campaign.list"),
    from_supervisor("campaign.update"),
    // Where a session is named, as it would be said there; else for the caller's own groups.
    in_session("canned.list", none, near),
    in_session("canned.search", none, near),
    of_customers("channel.ack"),
    of_customers("channel.subscribe"),
    from_leader("customer.block"),
    of_staff("customer.cancel"),
    of_staff("customer.changes"),
    from_supervisor("customer.dossier"),
    of_admins("customer.erase"),
    from_supervisor("customer.export"),
    of_staff("customer.fields"),
    of_staff("customer.get"),
    of_staff("customer.history"),
    from_leader("customer.merge"),
    of_staff("customer.mine"),
    of_staff("customer.search"),
    // All customers of whom a condition holds, not a page of those who are looked for.
    from_supervisor("customer.search#condition"),
    of_staff("customer.settle"),
    of_staff("customer.tag"),
    from_leader("customer.unblock"),
    from_leader("customer.unmerge"),
    of_staff("customer.update"),
    of_admins("group.create"),
    of_admins("group.merge"),
    of_admins("group.retire"),
    of_admins("group.update"),
    of_staff("lead.create"),
    of_staff("lead.list"),
    of_staff("lead.update"),
    of_left_messages("message.answer", any),
    of_left_messages("message.claim"),
    of_left_messages("message.dismiss", any),
    of_left_messages("message.list", any),
    of_left_messages("message.release"),
    of_accounts("order.get"),
    // Where a session is named, for its customer.
    in_session("order.list", none, near),
    of_customers("product.clicked"),
    row{"product.credit", {none, self, self, self, self, any}},
    in_session("product.recommend", none, near),
    of_accounts("product.search"),
    from_supervisor("sales_channel.create"),
    from_supervisor("sales_channel.delete"),
    of_staff("sales_channel.list"),
    from_supervisor("sales_channel.update"),
    from_supervisor("segment.create"),
    from_supervisor("segment.delete"),
    of_staff("segment.list"),
    from_supervisor("segment.update"),
    of_leaders("session.barge"),
    // Then the group decides, by its own clauses.
    row{"session.claim", {none, group, group, group, group, none}},
    // Who served it last gets the same answer for the same close.
    in_session("session.close", any, owner | tie::past, team),
    // What is past anybody who leads may read; what goes on is watched by session.monitor, which is
    // on record.
    in_session("session.events", any, near, tie::team_over),
    in_session("session.leave", none, tie::speaker | tie::listener),
    of_leaders("session.monitor"),
    in_session("session.note", none, near, team_also),
    of_customers("session.open"),
    of_customers("session.rate"),
    in_session("session.read", any, speaks | tie::past),
    in_session("session.recall", any, speaks | tie::past),
    // What others wrote, and whenever it was.
    in_session("session.recall#others", none, none, speaks | tie::past),
    in_session("session.remove", none, owner, team),
    in_session("session.send", any, speaks),
    in_session("session.snooze", none, owner, team),
    in_session("session.subscribe", any, near, tie::team_over),
    in_session("session.tag", none, near, team_also),
    of_leaders("session.takeover"),
    in_session("session.transfer", none, owner, team),
    in_session("session.transfer_cancel", none, owner | tie::past, team),
    in_session("session.transfer_complete", none, owner, team),
    in_session("session.typing", any, speaks),
    in_session("session.wake", none, owner, team),
    in_session("session.whisper", none, present, team),
    // While it waits also of those whose people could take it.
    in_session("session.why", none, near, ties(team_also | near_group)),
    in_session("session.wrap_up", none, owner | tie::past),
    row{"team.list", {none, none, any, any, any, none}},
};
static_assert(std::ranges::is_sorted(rows, {}, &row::method));

}  // namespace

std::span<const row> table() {
  return rows;
}

const row* find(std::string_view method) {
  auto at = std::ranges::lower_bound(rows, method, {}, &row::method);
  return at != rows.end() && at->method == method ? &*at : nullptr;
}

bool may_call(std::string_view method, account_role role) {
  auto* r = find(method);
  return r && r->needs[static_cast<std::size_t>(role)] != none;
}

bool allows(std::string_view method, account_role role, ties has) {
  auto* r = find(method);
  return r && (r->needs[static_cast<std::size_t>(role)] & (has | tie::anyone)) != 0;
}

}  // namespace rights

std::string_view to_string(account_role r) {
  constexpr std::string_view names[] = {"customer",   "agent", "leader",
                                        "supervisor", "admin", "console"};
  return names[static_cast<std::size_t>(r)];
}

}  // namespace switchboard
