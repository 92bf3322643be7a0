#include <algorithm>

#include "actors/session/session_body.hpp"

namespace switchboard {

using codec::packer;

namespace {

std::string empty_answer() { return std::string(1, '\x80'); }

}  // namespace

template <class Message>
void session_body::hold(std::vector<Message>& held, Message& m) {
  constexpr std::size_t most_held = 256;
  if (held.size() >= most_held) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::resource_exhausted, "the session is being read back; try again", {}, {}, 0});
  }
  held.push_back(std::move(m));
}

/// A channel speaks for the customer of its own sessions only.
bool session_body::admit(participant& by, const reply_to& to) {
  if (by.role != "customer") return true;
  if (by.id != s_.channel) {
    to.fail(services_.journal.last(), error{errc::permission_denied, "the session belongs to another channel", "session_id", {}, 0});
    return false;
  }
  by.id = s_.customer;
  by.name = s_.customer_name;
  return true;
}

void session_body::on_send(send_message& m) {
  probe_->note(now());
  if (told_idle_) return self_->send(directory().directory_of(s_.id.shard), std::move(m));
  if (!admit(m.from, m.reply)) return;
  take_send(m);
}

void session_body::take_send(send_message& m) {
  auto key = session_machine::key_of("msg", m.from, m.content.client_msg_id, m.content.type + '\n' + m.content.body.bytes);
  if (!keys_ready()) return hold(held_sends_, m);
  if (replayed(key, m.reply)) return;
  auto decided = session_machine::send(s_, m.from, m.content, {});
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  auto at = commit(std::move(*decided), key);
  packer p;
  p.map(2).str("seq").uinteger(s_.seq);
  field(p, "at", last_touched_);
  m.reply.ok(at, p.take());
}

/// After idleness or a restart the keys lie in the transcript: calls wait until they are read.
bool session_body::keys_ready() {
  if (keys_loaded_) return true;
  if (std::ranges::none_of(history_, [](auto& h) { return h.purpose == history_request::load_keys; })) {
    history_request h;
    h.purpose = history_request::load_keys;
    ask_history(std::move(h), 0);
  }
  return false;
}

void session_body::hold_open(open_session& m) { hold(held_opens_, m); }

bool session_body::replayed(const request_key& key, const reply_to& to) {
  if (key.key == 0) return false;
  auto* a = answered_.find(key.key);
  if (!a) return false;
  if (a->content != key.content) {
    to.fail(services_.journal.last(), error{errc::already_exists, "the same key was used with other content", {}, {}, 0});
    return true;
  }
  packer p;
  p.map(2).str("seq").uinteger(a->seq);
  field(p, "at", a->at);
  to.ok(services_.journal.last(), p.take());
  return true;
}

void session_body::answer_seq(const reply_to& to, store::position after, std::uint64_t seq) const {
  packer p;
  p.map(1).str("seq").uinteger(seq);
  to.ok(after, p.take());
}

void session_body::act(session_call& m, request_key key, result<session_machine::payloads> decided) {
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  auto at = commit(std::move(*decided), key);
  answer_seq(m.reply, at, s_.seq);
}

void session_body::on_call(session_call& m) {
  probe_->note(now());
  if (told_idle_) {
    // Whoever unsubscribes needs no session read back for it.
    if (m.method != session_method::unsubscribe) self_->send(directory().directory_of(s_.id.shard), std::move(m));
    return;
  }
  if (admit(m.by, m.reply)) take_call(m);
}

void session_body::take_call(session_call& m) {
  switch (m.method) {
    case session_method::status: return call_status(m);
    case session_method::why: return call_why(m);
    case session_method::events: return call_events(m);
    case session_method::subscribe: return call_subscribe(m);
    case session_method::unsubscribe: return call_unsubscribe(m);
    case session_method::typing: {
      packer p;
      p.map(1).str("from");
      codec::pack_value(p, m.by, codec::audience::client);
      return push_fleeting("typing", p.take(), m.reply.out ? m.reply.out->id() : 0);
    }
    default: break;
  }
  if (!m.op_id.empty() && !keys_ready()) return hold(held_calls_, m);
  auto content = std::to_string(static_cast<int>(m.method)) + '\n' + std::to_string(m.number) + '\n' + m.text + '\n' + m.body.bytes;
  if (m.method == session_method::answer_message) m.op_id = m.text2;
  auto key = session_machine::key_of("op", m.by, m.op_id, m.method == session_method::transfer ? m.to_group + '\n' + m.to_agent : content);
  if (replayed(key, m.reply)) return;
  switch (m.method) {
    case session_method::recall: return call_recall(m, key);
    case session_method::read: return act(m, key, session_machine::read(s_, m.by, m.number));
    case session_method::note: return act(m, key, session_machine::note(s_, m.by, std::move(m.body)));
    case session_method::tag: return act(m, key, session_machine::tag(s_, m.by, m.add, m.remove));
    case session_method::rate: return act(m, key, session_machine::rate(s_, static_cast<int>(m.number), m.text));
    case session_method::wrap_up:
      act(m, key, session_machine::wrap_up(s_, m.by, m.text, m.text2));
      if (auto agent = directory().find_agent(agent_id{m.by.id})) self_->send(agent, service_ended{s_.id, "wrapped_up", false});
      return;
    case session_method::close: {
      auto decided = session_machine::close(s_, m.by, m.text.empty() ? "closed" : m.text);
      if (decided && decided->empty()) return answer_seq(m.reply, services_.journal.last(), s_.closed_seq);
      if (decided) {
        session_machine::payloads all;
        if (s_.serving) say("closing", all);
        all.insert(all.end(), std::make_move_iterator(decided->begin()), std::make_move_iterator(decided->end()));
        decided = std::move(all);
      }
      return act(m, key, std::move(decided));
    }
    case session_method::transfer: return call_transfer(m);
    case session_method::move: return call_move(m);
    case session_method::claim: return call_claim(m);
    case session_method::claim_message:
    case session_method::release_message:
    case session_method::dismiss_message:
    case session_method::answer_message: return call_left_message(m, key);
    case session_method::bump: return act(m, key, session_machine::bump(s_, m.by, static_cast<int>(m.number), m.text));
    default:
      return m.reply.fail(services_.journal.last(),
                          error{errc::unimplemented, "warm and consult transfers are not served yet", {}, {}, 0});
  }
}

void session_body::call_transfer(session_call& m) {
  auto at = services_.journal.last();
  if (m.mode != "cold") {
    return m.reply.fail(at, error{errc::unimplemented, "mode: only cold transfers are served yet", "mode", {}, 0});
  }
  if (!s_.serving || s_.serving->agent.id != m.by.id) {
    return m.reply.fail(at, error{errc::permission_denied, "you do not serve this session", {}, {}, 0});
  }
  hand_on(m);
}

/// By whoever may decide it: the agent who serves, or a shift leader.
void session_body::hand_on(session_call& m) {
  auto at = services_.journal.last();
  if (transferring_) return m.reply.fail(at, error{errc::aborted, "another transfer is under way", {}, {}, 0});
  if (m.to_agent == m.by.id) {
    return m.reply.fail(at, error{errc::invalid_argument, "to.agent: that is you", "to.agent", {}, 0});
  }
  auto& d = *s_.dispatch;
  transfer_request r{s_.id, d.request, d.found.value_or(findings{}), s_.weight, d.plan.priority, m.to_group, m.to_agent,
                     m.by_rules, s_.serving->group};
  transferring_ = std::move(m);
  transfer_deadline_ = now() + services_.options.identification_patience;
  self_->send(directory().router_of(s_.id.shard), std::move(r));
  arm();
}

void session_body::call_recall(session_call& m, request_key key) {
  if (std::ranges::find(s_.recalled, m.number) != s_.recalled.end()) {
    return answer_seq(m.reply, services_.journal.last(), s_.seq);
  }
  std::optional<session_event> found;
  tail_.after(m.number - 1, [&](std::uint64_t seq, store::position, std::string_view bytes) {
    if (seq != m.number) return;
    session_codec::for_each(bytes, [&](auto& e) { found = session_codec::decode(e); });
  });
  if (!found && m.number < tail_.first() && m.number > 0) {
    history_request h;
    h.purpose = history_request::answer_events;
    auto number = m.number;
    h.call = std::move(m);
    return ask_history(std::move(h), number - 1);
  }
  auto* message = found ? std::get_if<event::message>(&found->what) : nullptr;
  if (!message) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::not_found, "message_seq: there is no such message", "message_seq", {}, 0});
  }
  act(m, key, session_machine::recall(s_, m.by, m.number, message->from, found->at, now(), {}));
}

void session_body::append_page(packer& p, std::string_view events, reader as, std::uint64_t after, std::size_t& n,
                               std::uint64_t& last) {
  session_codec::for_each(events, [&](const session_codec::stored_event& e) {
    if (e.seq <= after || n >= services_.options.events_page) return;
    last = e.seq;
    if (!may_see(as, e.seen_by)) return;
    std::string map;
    auto shown = e;
    // What was taken back is shown to nobody: the place stays, so that no gap appears.
    std::string hollow;
    if (e.kind == 10 && std::ranges::find(s_.recalled, e.seq) != s_.recalled.end()) {
      packer h;
      h.map(2).str("message_seq").uinteger(e.seq).str("recalled").boolean(true);
      hollow = h.take();
      shown.open_part = hollow;
    }
    session_codec::append_event_map(map, s_.id, as, shown);
    p.raw(map);
    ++n;
  });
}

void session_body::call_events(session_call& m) {
  if (auto may = session_machine::may_touch(s_, m.by); !may) return m.reply.fail(services_.journal.last(), may.error());
  if (!tail_.covers(m.number)) {
    history_request h;
    auto after = m.number;
    h.call = std::move(m);
    return ask_history(std::move(h), after);
  }
  packer items;
  std::size_t n = 0;
  std::uint64_t last = m.number;
  tail_.after(m.number, [&](std::uint64_t, store::position, std::string_view bytes) {
    append_page(items, bytes, reader_of(m.by), m.number, n, last);
  });
  packer p;
  p.map(2).str("events").array(static_cast<std::uint32_t>(n)).raw(items.view());
  p.str("more").boolean(last < s_.seq);
  m.reply.ok(services_.journal.last(), p.take());
}

void session_body::call_subscribe(session_call& m) {
  auto at = services_.journal.last();
  if (auto may = session_machine::may_touch(s_, m.by); !may) return m.reply.fail(at, may.error());
  if (m.number > s_.seq) {
    return m.reply.fail(at, error{errc::invalid_argument, "after: the session has only " + std::to_string(s_.seq), "after", {}, 0});
  }
  auto id = m.reply.out->id();
  std::erase_if(subscribers_, [&](auto& s) { return s.out->id() == id || !s.out->open(); });
  if (subscribers_.size() >= services_.options.readers) {
    return m.reply.fail(at, error{errc::resource_exhausted, "the session has as many readers as it may", {}, {}, 0});
  }
  // The serving agent's connection is subscribed already: it only fills in what is past.
  std::erase_if(agent_readers_, [&](auto& s) { return s.out->id() == id; });
  auto& s = subscribers_.emplace_back(subscription{m.reply.out, reader_of(m.by), m.number, false});
  m.reply.ok(at, empty_answer());
  position_due_ = now() + services_.options.position_every;
  if (tail_.covers(m.number)) {
    go_live(s);
  } else {
    s.catching_up = true;
    history_request h;
    h.purpose = history_request::feed_reader;
    h.outbox_id = id;
    ask_history(std::move(h), m.number);
  }
  arm();
}

void session_body::call_unsubscribe(const session_call& m) {
  if (!m.reply.out) return;
  std::erase_if(subscribers_, [&](auto& s) { return s.out->id() == m.reply.out->id(); });
}

void session_body::go_live(subscription& s) {
  s.catching_up = false;
  tail_.after(s.cursor, [&](std::uint64_t seq, store::position at, std::string_view bytes) {
    session_codec::for_each(bytes, [&](const session_codec::stored_event& e) { push_to(s, seq, at, e); });
  });
}

void session_body::ask_history(history_request r, std::uint64_t after) {
  constexpr std::size_t most = 64;
  if (history_.size() >= most) {
    return r.call.reply.fail(services_.journal.last(),
                             error{errc::resource_exhausted, "too many readers of old messages at once", {}, {}, 0});
  }
  r.ticket = next_ticket_++;
  r.after = after;
  r.asked = false;
  send_history(r);
  history_.push_back(std::move(r));
  if (!history_.back().asked) arm();
}

/// Right after a restart the state environment may lack what recovery read from the journal: an answer would have a gap, and
/// keys that were answered before would seem new.
void session_body::send_history(history_request& r) {
  if (r.asked || services_.journal.projected() < services_.recovered_upto) return;
  r.asked = true;
  self_->send(directory().archive, read_history{s_.id, r.after, r.ticket});
}

void session_body::send_held_history() {
  for (auto& h : history_) send_history(h);
}

void session_body::on_history(history_page& page) {
  auto it = std::ranges::find_if(history_, [&](auto& h) { return h.ticket == page.ticket; });
  if (it == history_.end()) return;
  auto r = std::move(*it);
  history_.erase(it);
  if (r.purpose == history_request::load_keys) {
    session_codec::for_each(page.events, [&](const session_codec::stored_event& e) { answered_.add(e.key, e.seq, e.at); });
    if (page.more || !joins(r, page)) return ask_history(std::move(r), std::max(page.last, r.after));
    keys_loaded_ = true;
    // What is not projected yet lies in the tail.
    tail_.after(page.last, [&](std::uint64_t, store::position, std::string_view bytes) {
      session_codec::for_each(bytes, [&](const session_codec::stored_event& e) { answered_.add(e.key, e.seq, e.at); });
    });
    for (auto& m : std::exchange(held_opens_, {})) on_open(m);
    for (auto& m : std::exchange(held_sends_, {})) take_send(m);
    for (auto& m : std::exchange(held_calls_, {})) take_call(m);
    return;
  }
  if (r.purpose == history_request::answer_why) return why_from_history(r, page);
  if (r.purpose == history_request::feed_reader) return feed_from_history(r, page);
  if (r.call.method == session_method::recall) {
    std::optional<session_event> found;
    session_codec::for_each(page.events, [&](auto& e) {
      if (e.seq == r.call.number) found = session_codec::decode(e);
    });
    auto* message = found ? std::get_if<event::message>(&found->what) : nullptr;
    if (!message) {
      return r.call.reply.fail(services_.journal.last(),
                               error{errc::not_found, "message_seq: there is no such message", "message_seq", {}, 0});
    }
    return act(r.call, {}, session_machine::recall(s_, r.call.by, r.call.number, message->from, found->at, now(), {}));
  }
  if (!page.more && !joins(r, page)) return ask_history(std::move(r), r.after);
  packer items;
  std::size_t n = 0;
  std::uint64_t last = std::max(r.call.number, page.last);
  std::uint64_t shown_to = r.call.number;
  append_page(items, page.events, reader_of(r.call.by), r.call.number, n, shown_to);
  if (!page.more && n < services_.options.events_page) {
    tail_.after(last, [&](std::uint64_t, store::position, std::string_view bytes) {
      append_page(items, bytes, reader_of(r.call.by), last, n, shown_to);
    });
  }
  packer p;
  p.map(2).str("events").array(static_cast<std::uint32_t>(n)).raw(items.view());
  p.str("more").boolean(shown_to < s_.seq && (n > 0 || page.more));
  r.call.reply.ok(services_.journal.last(), p.take());
}

void session_body::feed_from_history(history_request& r, history_page& page) {
  auto s = std::ranges::find_if(subscribers_, [&](auto& x) { return x.out->id() == r.outbox_id; });
  if (s == subscribers_.end()) return;
  session_codec::for_each(page.events, [&](const session_codec::stored_event& e) {
    if (e.seq <= s->cursor) return;
    s->cursor = e.seq;
    if (may_see(s->as, e.seen_by)) s->out->notify(0, session_codec::notification(s_.id, s->as, e));
  });
  if (page.more || !joins(r, page)) return ask_history(std::move(r), std::max(page.last, r.after));
  go_live(*s);
}

void session_body::call_status(const session_call& m) {
  packer p;
  bool live = s_.dispatch != nullptr;
  p.map(13 + (live ? 4 : 0));
  field(p, "session_id", s_.id.text());
  field(p, "state", to_string(s_.phase));
  field(p, "channel", s_.channel);
  field(p, "since", s_.phase_since);
  field(p, "opened_at", s_.opened_at);
  p.str("seq").uinteger(s_.seq);
  p.str("messages").uinteger(s_.messages);
  p.str("offers").uinteger(s_.offers);
  field(p, "agent", s_.serving ? s_.serving->agent.id : s_.offer ? s_.offer->agent.id : s_.last_agent.id);
  field(p, "group", s_.serving ? s_.serving->group.value : !standing_in_.empty() ? standing_in_.front().value : s_.last_group.value);
  p.str("readers").uinteger(subscribers_.size() + agent_readers_.size());
  p.str("journal_position").uinteger(tail_.last_position());
  p.str("transfers").uinteger(s_.transfers);
  if (live) {
    auto& d = *s_.dispatch;
    field(p, "rule", d.plan.rule);
    field(p, "rules_version", static_cast<std::int64_t>(d.plan.rules_version));
    codec::pack_value(p.str("why"), d.plan.why, codec::audience::client);
    field(p, "last_why", d.last_why);
  }
  m.reply.ok(services_.journal.last(), p.take());
}

}  // namespace switchboard
