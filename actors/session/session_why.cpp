#include "actors/session/session_body.hpp"

/// Why the session is where it is: what was recorded, and what its groups say now.
namespace switchboard {

using codec::packer;

void session_body::call_why(session_call& m) {
  if (!permit_call(m)) return;
  auto account = std::make_shared<session_explanation>();
  if (readers_.tail().covers(0)) return answer_why(m, *account);
  history_request h;
  h.what = history_request::purpose::why;
  h.call = std::move(m);
  h.account = std::move(account);
  ask_history(std::move(h), 0);
}

void session_body::why_from_history(history_request& r, history_page& page) {
  session_codec::for_each(page.events,
                          [&](const session_codec::stored_event& e) { r.account->take(e); });
  if (page.more || !joins(r, page)) return ask_history(std::move(r), std::max(page.last, r.after));
  answer_why(r.call, *r.account);
}

void session_body::answer_why(const session_call& m, session_explanation& account) {
  readers_.tail().after(account.last_seq(), [&](std::uint64_t, store::position,
                                                std::string_view bytes) {
    session_codec::for_each(bytes, [&](const session_codec::stored_event& e) { account.take(e); });
  });
  packer p;
  explain_waiter ask;
  ask.pairs = pack_standing(p, s_) + account.pack(p);
  ask.answer = p.take();
  ask.session = s_.id;
  ask.reply = m.reply;
  if (s_.phase == session_phase::waiting) ask.groups = dispatch_.standing().open();
  for (auto& g : ask.groups) {
    if (auto group = directory().find_group(g)) return self_->send(group, std::move(ask));
  }
  packer whole;
  whole.map(ask.pairs).raw(ask.answer);
  m.reply.ok(readers_.tail().last_position(), whole.take());
}

}  // namespace switchboard
