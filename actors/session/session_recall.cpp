#include <algorithm>

#include "actors/session/recalled_message.hpp"
#include "actors/session/session_body.hpp"
#include "runtime/codec/byte_reader.hpp"

/// Taking a message back: found in the tail or the archive, with who has read it; shown to nobody
/// from then on.
namespace switchboard {

namespace {

constexpr std::uint8_t message_kind = 10, read_kind = 12;

/// The attachment a message carries, or nothing.
std::string attachment_of(const event::message& m) {
  codec::byte_reader r(m.body.bytes);
  for (auto left = r.map().value_or(0); left > 0; --left) {
    auto key = r.text();
    if (!key) break;
    if (*key == "attachment_id") return std::string(r.text().value_or(""));
    if (!r.skip()) break;
  }
  return {};
}

}  // namespace

void session_body::recall_search::look_at(const session_codec::stored_event& e,
                                          std::uint64_t message_seq) {
  if (e.seq == message_seq) message = session_codec::decode(e);
  if (e.kind != read_kind || e.seq <= message_seq) return;
  auto decoded = session_codec::decode(e);
  auto* read = decoded ? std::get_if<event::read>(&decoded->what) : nullptr;
  if (!read || read->message_seq < message_seq) return;
  auto known = [&](auto& p) { return p.role == read->by.role && p.id == read->by.id; };
  if (std::ranges::none_of(readers, known)) readers.push_back(read->by);
}

/// What was taken back is shown to nobody. `hollow` holds what stands in its place.
session_codec::stored_event session_body::without_recalled(const session_codec::stored_event& e,
                                                           std::string& hollow) const {
  if (e.kind != message_kind || s_.recalled.empty() ||
      std::ranges::find(s_.recalled, e.seq) == s_.recalled.end())
    return e;
  hollow = recalled_message(e.seq);
  auto shown = e;
  shown.open_part = hollow;
  shown.hidden_part = {};
  return shown;
}

void session_body::call_recall(session_call& m, request_key key) {
  if (std::ranges::find(s_.recalled, m.number) != s_.recalled.end()) {
    return settle_seq(m.reply, key, {}, s_.seq);
  }
  recall_search found;
  tail_.after(m.number - 1, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](auto& e) { found.look_at(e, m.number); });
  });
  if (!found.message && m.number < tail_.first() && m.number > 0) {
    history_request h;
    h.purpose = history_request::answer_events;
    h.found = std::make_shared<recall_search>();
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
  session_codec::for_each(page.events, [&](auto& e) { found.look_at(e, r.call.number); });
  auto last = std::max(page.last, r.after);
  if (page.more || !joins(r, page)) return ask_history(std::move(r), last);
  tail_.after(last, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](auto& e) { found.look_at(e, r.call.number); });
  });
  if (std::ranges::find(s_.recalled, r.call.number) != s_.recalled.end()) {
    return settle_seq(r.call.reply, r.key, {}, s_.seq);
  }
  recall_found(r.call, r.key, found);
}

void session_body::recall_found(session_call& m, request_key key, const recall_search& found) {
  auto* message = found.message ? std::get_if<event::message>(&found.message->what) : nullptr;
  if (!message) {
    return m.reply.fail(
        services_.journal.last(),
        error{errc::not_found, "message_seq: there is no such message", "message_seq", {}, 0});
  }
  session_machine::limits limits;
  if (auto r = rules()) {
    auto group = group_in_charge();
    if (auto* g = r->group(group.value)) {
      limits.recall_window = g->recall_window;
      limits.recall_rule = "groups." + group.value + ".recall_window";
    }
    limits.recall_any_time =
        m.by.role != "customer" && allowed(m.by.id, "session.recall#others");
  }
  auto decided =
      session_machine::recall(s_, m.by, m.number, message->from, found.message->at,
                              found.message->at + passed_since(found.message->at), limits);
  std::string attachment;
  if (decided) {
    auto& event = std::get<event::recalled>(decided->front());
    event.read_by = found.readers;
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
