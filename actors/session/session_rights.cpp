#include "actors/session/session_rights.hpp"

#include <algorithm>

#include "actors/access/staff_ties.hpp"
#include "actors/access/team_tree.hpp"
#include "actors/session/left_message_machine.hpp"

namespace switchboard {

namespace {

/// The right by which a supervisor is there.
std::string_view right_to_be(presence as) {
  return as == presence::barge ? "session.barge" : "session.monitor";
}

/// To the groups: in one of them, or above somebody who is.
ties group_ties(const config::dispatch_config& c, const std::string& account, account_role role,
                const std::vector<group_id>& groups) {
  auto in_one = [&](const config::agent_config& a) {
    return std::ranges::any_of(
        groups, [&](auto& g) { return std::ranges::find(a.groups, g) != a.groups.end(); });
  };
  const auto led = role == account_role::agent ? std::vector<const config::team_config*>{}
                                               : team_tree::led_by(c, account);
  auto below = [&](const config::agent_config& a) {
    return role == account_role::admin ||
           std::ranges::find(led, a.team, &config::team_config::id) != led.end();
  };
  ties has = tie::nothing;
  for (auto& a : c.agents) {
    if (!in_one(a)) continue;
    if (a.id.value == account)
      has |= tie::group;
    else if (role > account_role::agent && below(a))
      has |= tie::team_group;
  }
  return has;
}

}  // namespace

/// To whom serves it, or served it last. Nobody leads themselves.
ties session_rights::to_server(const std::string& account, account_role role) const {
  const auto& server = s_.serving ? s_.serving->agent.id : s_.last_agent.id;
  const bool leads =
      role == account_role::admin
          ? !server.empty() && server != account
          : role > account_role::agent && team_tree::leads(known_.config(), account, server);
  return !leads ? tie::nothing : s_.over() ? tie::team_over : tie::team;
}

std::vector<group_id> session_rights::groups_concerned() const {
  if (s_.left) return {known_.successor(s_.left->group)};
  return standing_.all();
}

/// Role and teams are those of the configuration in force.
session_rights::standing session_rights::of(const std::string& account,
                                            std::string_view method) const {
  auto has = participants::ties_of(s_, account);
  const auto* p = participants::find(s_, account);
  const bool watches = p && !holds_room(p->as);
  // Who has taken on a message that was left reads it as if they had served it, as long as they
  // have it and may answer it.
  const bool has_message = s_.left && s_.left->claimed_by.id == account &&
                           left_message_machine::is_claimed(*s_.left, now_);
  if (!watches && !has_message && rights::allows(method, account_role::agent, has))
    return {account_role::agent, has};
  const auto& config = known_.config();
  const auto role = team_tree::role_of(config, account).value_or(account_role::agent);
  const auto team = to_server(account, role);
  if (watches && !rights::allows(right_to_be(p->as), role, team))
    has = static_cast<ties>(has & ~(tie::speaker | tie::listener));
  has |= team;
  if (has_message &&
      rights::allows("message.answer", role, group_ties(config, account, role, groups_concerned())))
    has |= tie::past;
  const auto* row = rights::find(method);
  if (row && (row->needs[static_cast<std::size_t>(role)] & (tie::group | tie::team_group)) != 0)
    has |= group_ties(config, account, role, groups_concerned());
  return {role, has};
}

bool session_rights::allows(const std::string& account, std::string_view method) const {
  const auto [role, has] = of(account, method);
  return rights::allows(method, role, has);
}

result<void> session_rights::permit(participant& by, account_role account,
                                    std::string_view method) const {
  if (by.role != "agent") return {};
  const auto [role, has] = of(by.id, method);
  if (rights::allows(method, role, has)) {
    const auto* p = participants::find(s_, by.id);
    const bool as_agent =
        (has & (tie::owner | tie::offered | tie::past)) != 0 || (p && holds_room(p->as));
    if (account > account_role::agent && !as_agent) by.role = "supervisor";
    return {};
  }
  if (s_.over() && has != tie::nothing) {
    return fail(errc::failed_precondition,
                "the session is over: " + std::string(to_string(s_.phase)));
  }
  return fail(errc::permission_denied, s_.serving && s_.serving->agent.id != by.id
                                           ? "the session is served by " + s_.serving->agent.id
                                           : std::string("you do not serve this session"));
}

bool session_rights::may_watch(const party& p) const {
  if (holds_room(p.as)) return true;
  const auto role = team_tree::role_of(known_.config(), p.who.id).value_or(account_role::agent);
  return rights::allows(right_to_be(p.as), role, to_server(p.who.id, role));
}

session_machine::payloads session_rights::part_strangers() const {
  session_machine::payloads out;
  if (!s_.participants) return out;
  for (auto& p : s_.participants->parties) {
    if (!may_watch(p)) out.push_back(event::parted{p.who, p.as, "does not lead who serves it"});
  }
  return out;
}

}  // namespace switchboard
