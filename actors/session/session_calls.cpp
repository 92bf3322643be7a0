#include <algorithm>
#include <iterator>

#include "actors/session/session_body.hpp"
#include "actors/session/session_cards.hpp"

namespace switchboard {

using codec::packer;

namespace {

bool says_something(session_method m) {
  return m == session_method::whisper || m == session_method::answer_message;
}

}  // namespace

/// A channel speaks for the customer of its own sessions only.
bool session_body::admit(participant& by, const reply_to& to) {
  if (by.role != "customer") return true;
  if (by.id != s_.channel) {
    to.fail(0, error{errc::permission_denied,
                     "the session belongs to another channel",
                     "session_id",
                     {},
                     0});
    return false;
  }
  by.id = s_.customer;
  by.name = s_.customer_name;
  return true;
}

void session_body::on_send(send_message& m) {
  if (!admit(m.from, m.reply)) return;
  take_send(m);
}

void session_body::take_send(send_message& m) {
  if (!keys_ready()) return hold(m);
  // A card is stamped on its way here; the sender's key answers for what was sent.
  const auto& body = m.sent.bytes.empty() ? m.content.body : m.sent;
  const auto known_by =
      repeatable_message(services_.secret, m.from, {m.content.client_msg_id, m.content.type, body});
  if (replayed(known_by, "client_msg_id", m.reply, plain_answer::seq_and_time) ||
      refused_as_new(m.reply) || !permit(m.from, m.account, "session.send", m.reply))
    return;
  auto decided = session_machine::send(s_, m.from, m.content, {});
  if (decided && m.card) {
    if (auto may = session_cards::may_show(s_, *m.card); !may)
      decided = tl::unexpected(may.error());
    else
      std::ranges::move(session_cards::shown(s_, m.from, *m.card), std::back_inserter(*decided));
  }
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  if (!receive(m.from, *decided, m.reply)) return;
  if (m.from.role == "customer" && participants::is_snoozed(s_))
    commit(session_attendance::wake(s_, "customer", m.from, now()));
  auto seq = s_.seq + 1;
  auto at = commit(std::move(*decided), {known_by.key});
  packer p;
  p.map(2).str("seq").uinteger(seq);
  field(p, "at", latest_stamp_);
  m.reply.ok(at, p.take());
}

/// After idleness or a restart the keys lie in the transcript: calls wait until they are read.
bool session_body::keys_ready() {
  if (requests_.known()) return true;
  if (!readers_.asks_for(history_request::purpose::keys)) {
    history_request h;
    h.what = history_request::purpose::keys;
    ask_history(std::move(h), 0);
  }
  return false;
}

bool session_body::replayed(const repeatable& r, std::string_view field, const reply_to& to,
                            plain_answer plain) {
  auto before = requests_.answered().find(r, field);
  if (before && *before == nullptr) return false;
  const auto at = services_.journal.last();
  if (!before) {
    to.fail(at, before.error());
    return true;
  }
  auto said = std::string(requests_.answered().said(**before));
  if (said.empty()) {
    packer p(said);
    if (plain == plain_answer::transfer) {
      codec::field(p.map(1), "transfer_id", s_.id.text() + ".t" + std::to_string((*before)->seq));
    } else {
      p.map(plain == plain_answer::seq ? 1 : 2).str("seq").uinteger((*before)->seq);
      if (plain == plain_answer::seq_and_time) codec::field(p, "at", (*before)->at);
    }
  }
  to.ok(at, std::move(said));
  return true;
}

session_body::plain_answer session_body::plain_answer_of(session_method m) {
  if (m == session_method::transfer) return plain_answer::transfer;
  return m == session_method::whisper ? plain_answer::seq_and_time : plain_answer::seq;
}

/// All of a call is compared but who makes it. What is said to somebody has the sender's one space
/// of message keys.
repeatable session_body::repeatable_call(const session_call& m) const {
  const auto content = codec::call_content(m);
  auto as_call = repeatable_request(services_.secret, key_kind::call, m.by, m.op_id, content);
  if (!says_something(m.method)) return as_call;
  auto as_message = repeatable_request(services_.secret, key_kind::message, m.by, m.op_id, content);
  as_message.older = as_call.older;  // older versions kept them among the calls
  return as_message;
}

void session_body::settle(const reply_to& to, request_key key, session_machine::payloads events,
                          std::string answer) {
  auto at = commit(std::move(events), {.known = {key, answer}});
  to.ok(at, std::move(answer));
}

void session_body::settle_seq(const reply_to& to, request_key key, session_machine::payloads events,
                              std::uint64_t seq) {
  packer p;
  p.map(1).str("seq").uinteger(seq);
  settle(to, key, std::move(events), p.take());
}

/// Answers with the last of its own events: what follows from them is recorded by itself.
void session_body::act(session_call& m, request_key key,
                       result<session_machine::payloads> decided) {
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  const auto last = s_.seq + decided->size();
  settle_seq(m.reply, key, std::move(*decided), last);
}

namespace {

/// May wait for another actor's word, or for the archive.
bool is_answered_later(session_method m) {
  return m == session_method::claim || m == session_method::transfer ||
         m == session_method::takeover || m == session_method::recall || m == session_method::move;
}

}  // namespace

void session_body::on_call(session_call& m) {
  if (admit(m.by, m.reply)) take_call(m);
}

void session_body::take_call(session_call& m) {
  // What changes nothing has no key by which an answer could be given again.
  bool plain = m.method == session_method::events || m.method == session_method::subscribe ||
               m.method == session_method::typing;
  if (plain && !permit_call(m)) return;
  switch (m.method) {
    case session_method::status:
      return call_status(m);
    case session_method::why:
      return call_why(m);
    case session_method::events:
      return call_events(m);
    case session_method::subscribe:
      return call_subscribe(m);
    case session_method::unsubscribe:
      return call_unsubscribe(m);
    case session_method::ask_center:
      return call_ask_center(m);
    case session_method::may_attach:
    case session_method::may_read_attachment:
      return call_attachment(m);
    case session_method::canned:
      return call_canned(m);
    case session_method::typing: {
      packer p;
      p.map(1).str("from");
      codec::pack_value(p, m.by, codec::audience::client);
      return tell_fleeting("typing", p.view(), m.reply.out ? m.reply.out->id() : 0);
    }
    default:
      break;
  }
  if (m.method == session_method::answer_message) m.op_id = m.text2;
  if (!m.op_id.empty() && !keys_ready()) return hold(m);
  const auto known_by = m.op_id.empty() ? repeatable{} : repeatable_call(m);
  const auto key = known_by.key;
  if (replayed(known_by, says_something(m.method) ? "client_msg_id" : "op_id", m.reply,
               plain_answer_of(m.method)))
    return;
  if (requests_.joins(m.reply, key) || refused_as_new(m.reply)) return;
  if (is_answered_later(m.method)) m.reply = requests_.begin(m.reply, key);
  if (!permit_call(m) || take_participant_call(m, key)) return;
  switch (m.method) {
    case session_method::recall:
      return call_recall(m, key);
    case session_method::read:
      return call_read(m, key);
    case session_method::note:
      return act(m, key, session_machine::note(s_, m.by, std::move(m.body)));
    case session_method::tag:
      return act(m, key, session_machine::tag(s_, m.by, m.add, m.remove));
    case session_method::rate:
      return act(m, key, session_machine::rate(s_, static_cast<int>(m.number), m.text));
    case session_method::wrap_up:
      return call_wrap_up(m, key);
    case session_method::close:
      return call_close(m, key);
    case session_method::move:
      return call_move(m, key);
    case session_method::claim:
      return call_claim(m, key);
    case session_method::claim_message:
    case session_method::release_message:
    case session_method::dismiss_message:
    case session_method::answer_message:
      return call_left_message(m, key);
    case session_method::accept_offer:
    case session_method::decline_offer: {
      offer_answer answer{
          s_.id,   offer_id{m.text}, agent_id{m.by.id}, m.method == session_method::accept_offer,
          m.text2, m.reply};
      return take_offer_answer(answer, key);
    }
    case session_method::bump:
      return act(m, key, session_machine::bump(s_, m.by, static_cast<int>(m.number), m.text));
    case session_method::card_clicked:
      return act(m, key, session_cards::clicked(s_, m.text, m.number));
    case session_method::card_bought: {
      event::card_bought what;
      if (codec::unpack(m.body.bytes, what)) act(m, key, session_cards::bought(s_, what));
      return;
    }
    default:
      return m.reply.fail(services_.journal.last(),
                          error{errc::unimplemented, "no such call on a session", {}, {}, 0});
  }
}

/// Products and orders, asked for this customer: the session says who that is, and the center
/// answers.
void session_body::call_ask_center(session_call& m) {
  const auto at = readers_.tail().last_position();
  center_call ask;
  if (!codec::unpack(m.body.bytes, ask))
    return m.reply.fail(at, error{errc::internal, "no such call", {}, {}, 0});
  auto method = ask.what == center_call::method::order_list ? "order.list" : "product.recommend";
  if (!permit(m.by, m.account, method, m.reply)) return;
  ask.member_id = session_cards::member_of(s_);
  if (s_.dispatch && s_.dispatch->found) {
    ask.tags = s_.dispatch->found->tags;
    ask.tags_known = true;
  }
  for (auto& c : s_.cards) ask.shown.push_back(c.product_id);
  bool orders = ask.what == center_call::method::order_list;
  if (orders && ask.member_id.empty()) {
    return m.reply.fail(
        at,
        error{errc::failed_precondition, "the customer is no known member", "session_id", {}, 0});
  }
  ask.reply = m.reply;
  auto& center = orders ? directory().centers.trade : directory().centers.product;
  self_->send(center, std::move(ask));
}

void session_body::call_status(const session_call& m) {
  packer p;
  bool live = s_.dispatch != nullptr;
  p.map(16 + (live ? 7 : 0));
  field(p, "session_id", s_.id.text());
  field(p, "state", to_string(s_.phase));
  field(p, "channel", s_.channel);
  codec::pack_value(p.str("customer"), participant{"customer", s_.customer, s_.customer_name},
                    codec::audience::client);
  field(p, "since", s_.phase_since);
  field(p, "opened_at", s_.opened_at);
  p.str("seq").uinteger(s_.seq);
  p.str("messages").uinteger(s_.messages);
  p.str("offers").uinteger(s_.offers);
  field(p, "agent",
        s_.serving ? s_.serving->agent.id
        : s_.offer ? s_.offer->agent.id
                   : s_.last_agent.id);
  field(p, "group",
        s_.serving                      ? s_.serving->group.value
        : !dispatch_.standing().empty() ? dispatch_.standing().open().front().value
                                        : s_.last_group.value);
  p.str("readers").uinteger(readers_.connections());
  p.str("journal_position").uinteger(readers_.tail().last_position());
  p.str("transfers").uinteger(s_.transfers);
  p.str("unread").uinteger(s_.unread_by_agent);
  field(p, "disposition", s_.reception ? s_.reception->disposition : "");
  if (live) {
    auto& d = *s_.dispatch;
    field(p, "rule", d.plan.rule);
    field(p, "rules_version", static_cast<std::int64_t>(d.plan.rules_version));
    codec::pack_value(p.str("why"), d.plan.why, codec::audience::client);
    field(p, "last_why", d.last_why);
    field(p, "priority", static_cast<std::int64_t>(d.plan.priority));
    field(p, "intent", d.request.intent);
    field(p, "subject", d.request.subject);
  }
  m.reply.ok(readers_.tail().last_position(), p.take());
}

}  // namespace switchboard
