#include <algorithm>

#include "actors/reception/canned_search.hpp"
#include "actors/session/session_body.hpp"
#include "actors/session/session_screening.hpp"
#include "runtime/codec/params.hpp"

/// Receiving the customer: what may be said, what the session says by itself, and how it is closed.
namespace switchboard {

using codec::packer;

// ---- what may be said

bool session_body::receive(const participant& from, session_machine::payloads& events,
                           const reply_to& to) {
  const auto r = rules();
  auto wrong = r ? session_screening::judge(s_, *r, from, events) : std::nullopt;
  if (wrong) to.fail(commit(std::move(events)), *wrong);
  return !wrong;
}

/// From the door, before a file is taken in or given out.
void session_body::call_attachment(session_call& m) {
  if (!permit_call(m)) return;
  const auto at = readers_.tail().last_position();
  if (m.method == session_method::may_read_attachment) {
    auto* r = s_.reception.get();
    if (r && std::ranges::find(r->gone_attachments, m.text) != r->gone_attachments.end()) {
      return m.reply.fail(at, error{errc::not_found,
                                    "attachment_id: its message was taken back",
                                    "attachment_id",
                                    {},
                                    0});
    }
    return m.reply.ok(at, codec::empty_map());
  }
  // As a message would be judged.
  if (auto may = session_machine::send(s_, m.by, {}, {}); !may)
    return m.reply.fail(at, may.error());
  auto r = rules();
  if (auto wrong = r ? r->file_refusal(side_of(m.by.role), s_.channel, group_in_charge(s_).value,
                                       m.text, static_cast<std::int64_t>(m.number), m.text2)
                     : std::nullopt) {
    return m.reply.fail(at, *wrong);
  }
  m.reply.ok(at, codec::empty_map());
}

// ---- reading, canned replies

void session_body::call_read(session_call& m, request_key key) {
  auto decided = session_machine::read(s_, m.by, m.number);
  if (decided && !decided->empty()) {
    if (auto left = readers_.unread_after(s_, m.by, m.number); left > 0)
      std::get<event::read>(decided->front()).left = left;
  }
  act(m, key, std::move(decided));
}

void session_body::call_canned(session_call& m) {
  if (!permit_call(m)) return;
  const auto at = readers_.tail().last_position();
  auto config = services_.config();
  canned_query q;
  q.groups = {group_in_charge(s_)};
  q.text = m.text;
  q.language = !m.text2.empty() ? m.text2 : s_.language;
  q.limit = m.number;
  q.values = speech().canned_values(m.by, q.groups.front());
  m.reply.ok(at, packed_canned(search_canned(config->reception.canned_replies, q)));
}

// ---- the end

std::optional<error> session_body::wrong_disposition(const group_id& group,
                                                     const std::string& given) const {
  const auto r = rules();
  return r ? session_screening::wrong_disposition(s_, *r, group, given) : std::nullopt;
}

void session_body::call_close(session_call& m, request_key key) {
  auto decided = session_machine::close(s_, m.by, m.text.empty() ? "closed" : m.text);
  if (!decided) return act(m, key, std::move(decided));
  if (decided->empty()) return settle_seq(m.reply, key, {}, s_.closed_seq);
  bool by_agent = m.by.role != "customer" && m.by.role != "system" && s_.serving.has_value();
  if (by_agent) {
    if (auto wrong = wrong_disposition(s_.serving->group, m.text2))
      return m.reply.fail(services_.journal.last(), *wrong);
  }
  session_machine::payloads all;
  if (s_.serving) speech().say("closing", all);
  auto closed_seq = s_.seq + all.size() + 1;
  all.insert(all.end(), std::make_move_iterator(decided->begin()),
             std::make_move_iterator(decided->end()));
  bool wrapped = by_agent && (!m.text2.empty() || !m.summary.empty());
  if (wrapped) all.push_back(event::wrapped_up{m.by, m.summary, m.text2});
  speech().ask_rating(all);
  settle_seq(m.reply, key, std::move(all), closed_seq);
}

void session_body::call_wrap_up(session_call& m, request_key key) {
  auto decided = session_machine::wrap_up(s_, m.by, m.text, m.text2);
  if (decided) {
    if (auto wrong = wrong_disposition(s_.last_group, m.text2)) decided = tl::unexpected(*wrong);
  }
  bool done = decided.has_value();
  act(m, key, std::move(decided));
  if (!done) return;
  if (auto agent = directory().find_agent(agent_id{m.by.id}))
    self_->send(agent, service_ended{s_.id, "wrapped_up", false});
}

}  // namespace switchboard
