#include "actors/session/session_body.hpp"

/// Who may call what, and who goes on hearing: session_rights judges.
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

}  // namespace

bool session_body::allowed(const std::string& account, std::string_view method) const {
  const auto k = known();
  return session_rights(s_, dispatch_.standing(), k, now()).allows(account, method);
}

bool session_body::permit(participant& by, account_role account, std::string_view method,
                          const reply_to& to) {
  const auto k = known();
  const auto may = session_rights(s_, dispatch_.standing(), k, now()).permit(by, account, method);
  if (!may) to.fail(readers_.tail().last_position(), may.error());
  return may.has_value();
}

/// Who may take a waiter or a message that was left has an answer of its own (session_claims.cpp),
/// and an offer is whose it is.
bool session_body::permit_call(session_call& m) {
  const bool takes =
      m.method == session_method::claim || m.method == session_method::accept_offer ||
      m.method == session_method::decline_offer ||
      (m.method >= session_method::claim_message && m.method <= session_method::answer_message);
  if (takes) return true;
  // Typing is told, not asked: nobody waits for an answer.
  const bool silent = m.method == session_method::typing;
  return permit(m.by, m.account, wire_name(m.method), silent ? reply_to{} : m.reply);
}

/// Of a call that has waited for somebody else's word meanwhile.
bool session_body::is_permitted(const session_call& m) const {
  const bool by_account = m.by.role == "agent" || m.by.role == "supervisor";
  return !by_account || allowed(m.by.id, wire_name(m.method));
}

bool session_body::may_take(const session_call& m) const {
  if (m.by.role != "agent") return m.by.role != "customer";
  return allowed(m.by.id, wire_name(m.method));
}

// ---- what lives on

/// Whoever may not hear this session any more hears nothing from here on. True if there was
/// anybody.
bool session_body::drop_strangers() {
  const auto k = known();
  const session_rights of(s_, dispatch_.standing(), k, now());
  return readers_.drop_strangers(
      s_, [&](const std::string& account) { return of.allows(account, "session.subscribe"); },
      [&](const party& p) { return of.may_watch(p); });
}

/// Who only watches and does not lead who serves it any more is out, on record.
void session_body::part_strangers() {
  if (!s_.participants) return;
  const auto k = known();
  commit(session_rights(s_, dispatch_.standing(), k, now()).part_strangers());
}

void session_body::review_readers() {
  if (drop_strangers()) readers_.show_viewers(s_, services_.journal.last());
  part_strangers();
}

}  // namespace switchboard
