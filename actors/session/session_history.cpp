#include <algorithm>

#include "actors/messages/history_trouble.hpp"
#include "actors/session/session_body.hpp"
#include "runtime/codec/params.hpp"

/// Who reads the session, live and from the archive. What is read, and by whom, is
/// session_readers'.
namespace switchboard {
namespace {

/// Up to which event readers may be told, and what the journal must have for it.
struct told_part {
  std::uint64_t seq = 0;
  store::position at = 0;
};

/// What a reader is told waits for what the session has written, and not for others' records. While
/// the journal stands still it is what is durable.
told_part what_may_be_told(const session_services& services, const session_state& s,
                           const transcript_tail& tail) {
  if (!store::stands_still(services.gate)) return {s.seq, tail.last_position()};
  const auto durable = services.journal.durable();
  auto last = s.seq;
  tail.after(0, [&](std::uint64_t seq, store::position at, std::string_view) {
    if (at > durable) last = std::min(last, seq - 1);
  });
  return {last, 0};
}

}  // namespace

void session_body::call_events(session_call& m) {
  const auto& tail = readers_.tail();
  if (!tail.covers(m.number)) {
    history_request h;
    const auto after = m.number;
    h.call = std::move(m);
    return ask_history(std::move(h), after);
  }
  const auto told = what_may_be_told(services_, s_, readers_.tail());
  transcript_page page(s_, reader_of(m.by), m.number, services_.options.events_page);
  tail.after(m.number, [&](std::uint64_t seq, store::position, std::string_view bytes) {
    if (seq <= told.seq) page.take(bytes);
  });
  m.reply.ok(told.at, page.pack(page.last() < told.seq));
}

void session_body::call_subscribe(session_call& m) {
  const auto at = readers_.tail().last_position();
  if (auto may = readers_.subscribe(s_, m.reply.out, m.by, m.number, services_.options.readers);
      !may) {
    return m.reply.fail(at, may.error());
  }
  // It speaks of nothing recorded.
  m.reply.ok(0, codec::empty_map());
  readers_.show_viewers(s_, services_.journal.last());
  dispatch_.ask_position_from(now() + services_.options.position_every);
  readers_.catch_up(s_, m.reply.out->id());
  ask_archive();
  arm();
}

void session_body::call_unsubscribe(const session_call& m) {
  if (!m.reply.out) return;
  readers_.unsubscribe(m.reply.out->id());
  readers_.show_viewers(s_, services_.journal.last());
}

void session_body::ask_history(history_request r, std::uint64_t after) {
  const auto reply = r.call.reply;
  if (!readers_.ask_history(std::move(r), after)) {
    return reply.fail(
        0, error{errc::resource_exhausted, "too many readers of old messages at once", {}, {}, 0});
  }
  ask_archive();
  if (readers_.waits_for_archive()) arm();
}

/// Right after a restart the state may lack what recovery read from the journal: until it has that,
/// nothing is asked.
void session_body::ask_archive() {
  const bool complete = services_.journal.projected() >= services_.recovered_upto;
  if (!complete) history_due_ = now() + history_retry;
  session_effects asked;
  readers_.ask_archive(complete, asked);
  carry_out(asked);
}

void session_body::on_history(history_page& page) {
  auto r = readers_.take_request(page.ticket);
  if (!r) return;
  if (page.last == history_is_damaged) return refuse_history(*r);
  switch (r->what) {
    case history_request::purpose::keys:
      return load_keys(*r, page);
    case history_request::purpose::why:
      return why_from_history(*r, page);
    case history_request::purpose::recall:
      return on_recall_page(*r, page);
    case history_request::purpose::subscriber:
      if (!readers_.feed(s_, *r, page.events, page.last, page.more)) return;
      return ask_history(std::move(*r), std::max(page.last, r->after));
    case history_request::purpose::events:
      return events_from_history(*r, page);
  }
}

void session_body::load_keys(history_request& r, const history_page& page) {
  auto add = [&](const session_codec::stored_event& e) {
    requests_.add(e.key, e.seq, e.at, e.answer);
  };
  session_codec::for_each(page.events, add);
  if (page.more || !joins(r, page)) return ask_history(std::move(r), std::max(page.last, r.after));
  // What is not projected yet lies in the tail.
  readers_.tail().after(page.last, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, add);
  });
  auto held = requests_.all_known();
  for (auto& m : held.opens) on_open(m);
  for (auto& m : held.sends) take_send(m);
  for (auto& m : held.calls) take_call(m);
}

void session_body::events_from_history(history_request& r, const history_page& read) {
  if (!read.more && !joins(r, read)) return ask_history(std::move(r), r.after);
  const auto told = what_may_be_told(services_, s_, readers_.tail());
  transcript_page page(s_, reader_of(r.call.by), r.call.number, services_.options.events_page);
  page.take(read.events);
  if (!read.more && !page.full()) {
    readers_.tail().after(std::max(r.call.number, read.last),
                          [&](std::uint64_t seq, store::position, std::string_view bytes) {
                            if (seq <= told.seq) page.take(bytes);
                          });
  }
  if (page.empty() && read.more) {
    // Nothing there is for this reader: an empty page would leave it no place to go on from.
    r.call.number = read.last;
    return ask_history(std::move(r), read.last);
  }
  r.call.reply.ok(told.at, page.pack(page.last() < told.seq && !page.empty()));
}

/// A part of the transcript cannot be read: who asked is told, and who needs the keys in it, for
/// without them what is said again would be done again.
void session_body::refuse_history(history_request& r) {
  const error why{errc::internal, "a part of the session's transcript is damaged", {}, {}, 0};
  const auto at = services_.journal.last();
  if (r.what != history_request::purpose::keys) return r.call.reply.fail(at, why);
  const auto held = requests_.give_up();
  for (auto& m : held.opens) m.reply.fail(at, why);
  for (auto& m : held.sends) m.reply.fail(at, why);
  for (auto& m : held.calls) m.reply.fail(at, why);
}

}  // namespace switchboard
