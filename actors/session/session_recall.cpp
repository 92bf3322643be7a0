#include <algorithm>

#include "actors/session/session_body.hpp"

/// Taking a message back: found in the tail or the archive, with who has read it; shown to nobody
/// from then on.
namespace switchboard {

void session_body::call_recall(session_call& m, request_key key) {
  if (std::ranges::find(s_.recalled, m.number) != s_.recalled.end()) {
    return settle_seq(m.reply, key, {}, s_.seq);
  }
  recall_search found(m.number);
  readers_.tail().after(m.number - 1, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](auto& e) { found.look_at(e); });
  });
  if (!found.found() && m.number < readers_.tail().first() && m.number > 0) {
    history_request h;
    h.what = history_request::purpose::recall;
    h.found = std::make_shared<recall_search>(m.number);
    h.key = key;
    auto number = m.number;
    h.call = std::move(m);
    return ask_history(std::move(h), number - 1);
  }
  recall_found(m, key, found);
}

/// Who had read it may stand on any later page.
void session_body::on_recall_page(history_request& r, history_page& page) {
  auto& found = *r.found;
  session_codec::for_each(page.events, [&](auto& e) { found.look_at(e); });
  auto last = std::max(page.last, r.after);
  if (page.more || !joins(r, page)) return ask_history(std::move(r), last);
  readers_.tail().after(last, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](auto& e) { found.look_at(e); });
  });
  if (std::ranges::find(s_.recalled, r.call.number) != s_.recalled.end()) {
    return settle_seq(r.call.reply, r.key, {}, s_.seq);
  }
  recall_found(r.call, r.key, found);
}

void session_body::recall_found(session_call& m, request_key key, const recall_search& found) {
  auto* message = found.message();
  if (!message) {
    return m.reply.fail(
        services_.journal.last(),
        error{errc::not_found, "message_seq: there is no such message", "message_seq", {}, 0});
  }
  session_machine::limits limits;
  if (auto r = rules()) {
    auto group = group_in_charge(s_);
    if (auto* g = r->group(group.value)) {
      limits.recall_window = g->recall_window;
      limits.recall_rule = "groups." + group.value + ".recall_window";
    }
    limits.recall_any_time = m.by.role != "customer" && allowed(m.by.id, "session.recall#others");
  }
  auto decided = session_machine::recall(s_, m.by, m.number, message->from, found.sent_at(),
                                         found.sent_at() + passed_since(found.sent_at()), limits);
  std::string attachment;
  if (decided) {
    auto& event = std::get<event::recalled>(decided->front());
    event.read_by = found.readers();
    event.attachment = attachment = attachment_of(*message);
  }
  bool may = decided.has_value();
  act(m, key, std::move(decided));
  if (may && !attachment.empty() && services_.attachments) {
    services_.attachments->release(std::move(attachment), services_.journal.last());
  }
}

/// A restart may have come between the record and the disk.
void session_body::release_gone() const {
  if (!s_.reception || !services_.attachments) return;
  for (auto& id : s_.reception->gone_attachments) services_.attachments->release(id, 0);
}

}  // namespace switchboard
