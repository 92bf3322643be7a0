#include <algorithm>

#include "actors/session/left_message_machine.hpp"
#include "actors/session/session_body.hpp"
#include "actors/supervision/floor_ties.hpp"
#include "actors/supervision/team_tree.hpp"

/// What ties an account to this session, asked of the rights table at every call and of everybody
/// who goes on hearing (docs/decisions/0016).
namespace switchboard {

namespace {

std::string_view wire_name(session_method m) {
  switch (m) {
    case session_method::recall:
      return "session.recall";
    case session_method::read:
      return "session.read";
    case session_method::typing:
      return "session.typing";
    case session_method::close:
      return "session.close";
    case session_method::rate:
      return "session.rate";
    case session_method::events:
      return "session.events";
    case session_method::subscribe:
      return "session.subscribe";
    case session_method::note:
      return "session.note";
    case session_method::tag:
      return "session.tag";
    case session_method::transfer:
      return "session.transfer";
    case session_method::transfer_cancel:
      return "session.transfer_cancel";
    case session_method::transfer_complete:
      return "session.transfer_complete";
    case session_method::wrap_up:
      return "session.wrap_up";
    case session_method::leave:
      return "session.leave";
    case session_method::remove:
      return "session.remove";
    case session_method::snooze:
      return "session.snooze";
    case session_method::wake:
      return "session.wake";
    case session_method::monitor:
      return "session.monitor";
    case session_method::whisper:
      return "session.whisper";
    case session_method::barge:
      return "session.barge";
    case session_method::takeover:
      return "session.takeover";
    case session_method::why:
      return "session.why";
    case session_method::claim:
      return "session.claim";
    case session_method::claim_message:
      return "message.claim";
    case session_method::release_message:
      return "message.release";
    case session_method::dismiss_message:
      return "message.dismiss";
    case session_method::answer_message:
      return "message.answer";
    case session_method::accept_offer:
      return "agent.accept";
    case session_method::decline_offer:
      return "agent.decline";
    case session_method::may_attach:
      return "attachment.begin";
    case session_method::may_read_attachment:
      return "attachment.read";
    case session_method::canned:
      return "canned.list";
    case session_method::unsubscribe:
    case session_method::status:
    case session_method::bump:
    case session_method::move:
    case session_method::ask_center:
    case session_method::card_clicked:
    case session_method::card_bought:
      break;
  }
  return {};
}

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
ties session_body::team_ties(const config::dispatch_config& c, const std::string& account,
                             account_role role) const {
  const auto& of = s_.serving ? s_.serving->agent.id : s_.last_agent.id;
  const bool leads = role == account_role::admin ? !of.empty() && of != account
                                                 : role > account_role::agent &&
                                                       team_tree::leads(c, account, of);
  return !leads ? tie::nothing : s_.over() ? tie::team_over : tie::team;
}

/// Role and teams are those of the configuration in force. Most calls are an agent's about its own
/// session, which the session knows by itself: they cost no look at the configuration.
session_body::standing session_body::standing_of(const std::string& account,
                                                 std::string_view method) const {
  auto has = company::ties_of(s_, account);
  const auto* p = company::find(s_, account);
  const bool watches = p && !holds_room(p->as);
  // Who has taken on a message that was left reads it as if they had served it, as long as they have it and may answer it.
  const bool has_message = s_.left && s_.left->claimed_by.id == account &&
                           left_message_machine::is_claimed(*s_.left, now());
  if (!watches && !has_message && rights::allows(method, account_role::agent, has))
    return {account_role::agent, has};
  const auto config = services_.config();
  const auto role = team_tree::role_of(*config, account).value_or(account_role::agent);
  const auto team = team_ties(*config, account, role);
  if (watches && !rights::allows(right_to_be(p->as), role, team))
    has = static_cast<ties>(has & ~(tie::speaker | tie::listener));
  has |= team;
  if (has_message && rights::allows("message.answer", role,
                                    group_ties(*config, account, role, groups_concerned())))
    has |= tie::past;
  const auto* row = rights::find(method);
  if (row && (row->needs[static_cast<std::size_t>(role)] & (tie::group | tie::team_group)) != 0)
    has |= group_ties(*config, account, role, groups_concerned());
  return {role, has};
}

std::vector<group_id> session_body::groups_concerned() const {
  if (s_.left) return {successor_of(s_.left->group)};
  return standing_in_.all();
}

bool session_body::allowed(const std::string& account, std::string_view method) const {
  const auto of = standing_of(account, method);
  return rights::allows(method, of.role, of.has);
}

bool session_body::permit(participant& by, account_role account, std::string_view method,
                          const reply_to& to) {
  if (by.role != "agent") return true;  // the channel of its own session, or the console
  const auto [role, has] = standing_of(by.id, method);
  if (rights::allows(method, role, has)) {
    auto* p = company::find(s_, by.id);
    bool as_agent =
        (has & (tie::owner | tie::offered | tie::past)) != 0 || (p && holds_room(p->as));
    if (account > account_role::agent && !as_agent) by.role = "supervisor";
    return true;
  }
  auto at = services_.journal.last();
  if (s_.over() && has != tie::nothing) {
    to.fail(at, error{errc::failed_precondition,
                      "the session is over: " + std::string(to_string(s_.phase)),
                      {},
                      {},
                      0});
  } else {
    auto why = s_.serving && s_.serving->agent.id != by.id
                   ? "the session is served by " + s_.serving->agent.id
                   : std::string("you do not serve this session");
    to.fail(at, error{errc::permission_denied, std::move(why), {}, {}, 0});
  }
  return false;
}

/// Who may take a waiter or a message that was left has an answer of its own (session_claims.cpp), and an offer is whose it is.
bool session_body::permit_call(session_call& m) {
  const bool takes = m.method == session_method::claim ||
                     m.method == session_method::accept_offer || m.method == session_method::decline_offer ||
                     (m.method >= session_method::claim_message &&
                      m.method <= session_method::answer_message);
  if (takes) return true;
  // Typing is told, not asked: nobody waits for an answer.
  const bool silent = m.method == session_method::typing;
  return permit(m.by, m.account, wire_name(m.method), silent ? reply_to{} : m.reply);
}

/// Of a call that has waited for somebody else's word meanwhile; answers where not.
bool session_body::still_permitted(const session_call& m) const {
  const bool by_account = m.by.role == "agent" || m.by.role == "supervisor";
  if (!by_account || allowed(m.by.id, wire_name(m.method))) return true;
  m.reply.fail(services_.journal.last(),
               error{errc::permission_denied, "you do not serve this session any more", {}, {}, 0});
  return false;
}

bool session_body::may_take(const session_call& m) const {
  if (m.by.role != "agent") return m.by.role != "customer";
  return allowed(m.by.id, wire_name(m.method));
}

// ---- what lives on

bool session_body::may_watch(const party& p) const {
  if (holds_room(p.as)) return true;
  const auto config = services_.config();
  const auto role = team_tree::role_of(*config, p.who.id).value_or(account_role::agent);
  return rights::allows(right_to_be(p.as), role, team_ties(*config, p.who.id, role));
}

/// Whoever may not hear this session any more hears nothing from here on. True if there was anybody.
bool session_body::drop_strangers() {
  auto stranger = [this](const subscription& s) {
    return !s.who.empty() && !allowed(s.who.value, "session.subscribe");
  };
  bool any = std::erase_if(subscribers_, stranger) > 0;
  if (!lines_) return any;
  for (auto& g : lines_->guests) {
    auto* p = g.readers.empty() ? nullptr : company::find(s_, g.who.value);
    if (!p || may_watch(*p)) continue;
    g.readers.clear();
    any = true;
  }
  return any;
}

/// Who only watches and does not lead who serves it any more is out, on record.
void session_body::part_strangers() {
  if (!s_.company) return;
  session_machine::payloads out;
  for (auto& p : s_.company->parties) {
    if (!may_watch(p)) out.push_back(event::parted{p.who, p.as, "does not lead who serves it"});
  }
  commit(std::move(out));
}

void session_body::review_readers() {
  if (drop_strangers()) show_viewers();
  part_strangers();
}

}  // namespace switchboard
