#include "actors/read_model/projection/session_pulse.hpp"

#include <algorithm>

#include "runtime/codec/pack.hpp"

namespace switchboard::projecting {
namespace {

void note_message(session_pulse& p, const session_codec::stored_event& e, std::string_view role) {
  ++p.messages;
  if (role == "customer") {
    p.last_customer_at = e.at;
    if (p.unanswered_since == timestamp{}) p.unanswered_since = e.at;
    ++p.unread_by_agent;
    p.unread_by_customer = 0;
  }
  if (role == "agent" || role == "supervisor") {
    p.last_agent_at = e.at;
    if (p.first_agent_at == timestamp{}) p.first_agent_at = e.at;
    p.unanswered_since = {};
    ++p.unread_by_customer;
    if (role == "agent") p.unread_by_agent = 0;
  }
}

}  // namespace

session_pulse pulse_of(const session_state& s) {
  return {s.seq,
          s.customer_prev,
          s.agent_prev,
          s.messages,
          s.last_customer_at,
          s.last_agent_at,
          s.first_agent_at,
          s.read_by_customer,
          s.read_by_agent,
          s.unanswered_since,
          s.unread_by_agent,
          s.unread_by_customer,
          s.last_at};
}

void lay_over(session_state& s, const session_pulse& p) {
  s.seq = p.seq;
  s.customer_prev = p.customer_prev;
  s.agent_prev = p.agent_prev;
  s.messages = p.messages;
  s.last_customer_at = p.last_customer_at;
  s.last_agent_at = p.last_agent_at;
  s.first_agent_at = p.first_agent_at;
  s.read_by_customer = p.read_by_customer;
  s.read_by_agent = p.read_by_agent;
  s.unanswered_since = p.unanswered_since;
  s.unread_by_agent = p.unread_by_agent;
  s.unread_by_customer = p.unread_by_customer;
  s.last_at = std::max(s.last_at, p.last_at);
}

bool apply(session_pulse& p, const session_codec::stored_event& e) {
  if (e.kind != message_kind && e.kind != read_kind) return false;
  auto seen = look_at(e);
  if (!seen) return false;
  if (e.kind == message_kind) {
    note_message(p, e, seen->role);
  } else {
    bool customer = seen->role == "customer";
    auto& mark = customer ? p.read_by_customer : p.read_by_agent;
    mark = std::max(mark, seen->message_seq);
    (customer ? p.unread_by_customer : p.unread_by_agent) = seen->left;
  }
  p.seq = e.seq;
  p.last_at = std::max(p.last_at, e.at);
  if (may_see(reader::customer, e.seen_by)) p.customer_prev = e.seq;
  if (may_see(reader::agent, e.seen_by)) p.agent_prev = e.seq;
  return true;
}

std::string encode(const session_pulse& p) {
  codec::packer out;
  out.array(13)
      .uinteger(p.seq)
      .uinteger(p.customer_prev)
      .uinteger(p.agent_prev)
      .uinteger(p.messages);
  out.time(p.last_customer_at).time(p.last_agent_at).time(p.first_agent_at);
  out.uinteger(p.read_by_customer).uinteger(p.read_by_agent);
  out.time(p.unanswered_since)
      .uinteger(p.unread_by_agent)
      .uinteger(p.unread_by_customer)
      .time(p.last_at);
  return out.take();
}

std::optional<session_pulse> decode_pulse(std::string_view bytes) {
  codec::byte_reader r(bytes);
  auto fields = r.array();
  if (!fields || *fields < 9) return {};
  std::int64_t n[13] = {};
  for (std::uint32_t i = 0; i < std::min(*fields, 13u); ++i) {
    auto value = r.integer();
    if (!value) return {};
    n[i] = *value;
  }
  session_pulse p;
  p.seq = static_cast<std::uint64_t>(n[0]);
  p.customer_prev = static_cast<std::uint64_t>(n[1]);
  p.agent_prev = static_cast<std::uint64_t>(n[2]);
  p.messages = static_cast<std::uint32_t>(n[3]);
  p.last_customer_at = from_unix_ms(n[4]);
  p.last_agent_at = from_unix_ms(n[5]);
  p.first_agent_at = from_unix_ms(n[6]);
  p.read_by_customer = static_cast<std::uint64_t>(n[7]);
  p.read_by_agent = static_cast<std::uint64_t>(n[8]);
  p.unanswered_since = from_unix_ms(n[9]);
  p.unread_by_agent = static_cast<std::uint32_t>(n[10]);
  p.unread_by_customer = static_cast<std::uint32_t>(n[11]);
  p.last_at = from_unix_ms(n[12]);
  return p;
}

}  // namespace switchboard::projecting
