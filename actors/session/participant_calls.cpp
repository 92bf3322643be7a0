#include <algorithm>

#include "actors/session/session_body.hpp"

/// What agents and supervisors ask of a session besides talking in it: transfers, joining, putting
/// it off.
namespace switchboard {

using codec::packer;

bool session_body::take_participant_call(session_call& m, request_key key) {
  auto t = now();
  switch (m.method) {
    case session_method::transfer:
      call_transfer(m, key);
      break;
    case session_method::transfer_cancel:
      act(m, key, session_transfer::cancel(s_, m.by, transfer_id{m.text}, t));
      break;
    case session_method::transfer_complete:
      act(m, key, session_transfer::complete(s_, m.by, transfer_id{m.text}));
      break;
    case session_method::leave:
      act(m, key, session_attendance::leave(s_, m.by, agent_id{m.by.id}));
      break;
    case session_method::remove:
      act(m, key, session_attendance::leave(s_, m.by, agent_id{m.to_agent}));
      break;
    case session_method::monitor:
      act(m, key, session_attendance::attend(s_, m.by, presence::monitor));
      break;
    case session_method::barge:
      act(m, key, session_attendance::attend(s_, m.by, presence::barge));
      break;
    case session_method::whisper:
      call_whisper(m, key);
      break;
    case session_method::takeover:
      perform(
          [&](auto& out) { participants_.take_over(situation(known()), std::move(m), key, out); });
      arm();
      break;
    case session_method::snooze: {
      auto longest = services_.config()->session.snooze_limit;
      constexpr millis usual{24 * 3'600'000};
      auto until = m.number == 0 ? wall() + std::min(usual, longest)
                                 : from_unix_ms(static_cast<std::int64_t>(m.number));
      act(m, key, session_attendance::snooze(s_, m.by, until, m.text, wall(), longest));
      break;
    }
    case session_method::wake: {
      auto woken = session_attendance::wake(s_, "agent", m.by, t);
      if (woken.empty())
        act(m, key, fail(errc::failed_precondition, "the session is not snoozed"));
      else
        act(m, key, std::move(woken));
      break;
    }
    default:
      return false;
  }
  return true;
}

void session_body::call_whisper(session_call& m, request_key key) {
  message_content content{m.op_id, m.mode, std::move(m.body)};
  auto decided = session_attendance::whisper(s_, m.by, content);
  if (!decided) return m.reply.fail(services_.journal.last(), decided.error());
  // Joining comes first and alone, so that the key's answer is the whisper's.
  if (decided->size() > 1) {
    auto said = std::move(decided->back());
    decided->pop_back();
    commit(std::move(*decided));
    decided = session_machine::payloads{std::move(said)};
  }
  auto at = commit(std::move(*decided), {key});
  packer p;
  p.map(2).str("seq").uinteger(s_.seq);
  field(p, "at", latest_stamp_);
  m.reply.ok(at, p.take());
}

void session_body::call_transfer(session_call& m, request_key key) {
  perform([&](auto& out) { participants_.transfer(situation(known()), std::move(m), key, out); });
  arm();
}

/// A shift leader takes it from the agent who serves it, or from the queues where it waits. Without
/// a group or an agent the rules decide.
void session_body::call_move(session_call& m, request_key key) {
  const bool here = s_.serving || s_.phase == session_phase::waiting;
  if (!here || !s_.dispatch) {
    return m.reply.fail(services_.journal.last(),
                        error{errc::failed_precondition,
                              "nobody serves the session, and it does not wait: " +
                                  std::string(to_string(s_.phase)),
                              "session_id",
                              {},
                              0});
  }
  m.mode = "cold";
  m.by_rules = m.to_group.empty() && m.to_agent.empty();
  call_transfer(m, key);
}

}  // namespace switchboard
