#include "actors/session/left_message_machine.hpp"

namespace switchboard::left_message_machine {
namespace {

result<void> must_be_open_to(const session_state& s, const participant& by, timestamp now) {
  if (!s.left)
    return fail(errc::failed_precondition, "session_id: no message was left there", "session_id");
  if (!s.left->outcome.empty())
    return fail(errc::failed_precondition, "session_id: the message is " + s.left->outcome,
                "session_id");
  if (is_claimed(*s.left, now) && s.left->claimed_by.id != by.id) {
    return fail(errc::aborted, "session_id: " + s.left->claimed_by.id + " has it", "session_id");
  }
  return {};
}

}  // namespace

bool is_claimed(const left_message& m, timestamp now) {
  return !m.claimed_by.id.empty() && now < m.claimed_at + claim_lasts;
}

result<payloads> claim(const session_state& s, const participant& by, timestamp now) {
  if (auto may = must_be_open_to(s, by, now); !may) return tl::unexpected(may.error());
  return payloads{event::message_claimed{by}};
}

result<payloads> release(const session_state& s, const participant& by, std::string reason,
                         timestamp now) {
  if (auto may = must_be_open_to(s, by, now); !may) return tl::unexpected(may.error());
  if (!is_claimed(*s.left, now))
    return fail(errc::failed_precondition, "session_id: nobody has it", "session_id");
  return payloads{event::message_released{by, std::move(reason)}};
}

result<payloads> answer(const session_state& s, const participant& by, const message_content& m,
                        timestamp now) {
  if (auto may = must_be_open_to(s, by, now); !may) return tl::unexpected(may.error());
  return payloads{event::message{0, by, m.type, m.body, m.client_msg_id},
                  event::message_settled{by, "answered", {}}};
}

result<payloads> dismiss(const session_state& s, const participant& by, std::string reason,
                         timestamp now) {
  if (auto may = must_be_open_to(s, by, now); !may) return tl::unexpected(may.error());
  return payloads{event::message_settled{by, "dismissed", std::move(reason)}};
}

}  // namespace switchboard::left_message_machine
