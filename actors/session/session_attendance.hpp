#pragma once

#include "actors/session/session_transfer.hpp"

/// What supervisors do in a session, how anybody leaves it, and how it is put off: plain decisions,
/// as session_machine's. Whether the caller may is the rights table's to say.
namespace switchboard::session_attendance {

using session_machine::payloads;

/// A supervisor reads along, or speaks to the customer; nothing if they do already.
result<payloads> attend(const session_state& s, const participant& by, presence as);
/// The session is the supervisor's from now on; room is held under `offer`.
result<payloads> take_over(const session_state& s, const participant& by, const transfer_id& id,
                           const offer_id& offer);
/// Something said among agents. A supervisor who is not there yet joins as a reader with it.
result<payloads> whisper(const session_state& s, const participant& by, const message_content& m);
/// The one named leaves, or is sent out by `by`.
result<payloads> leave(const session_state& s, const participant& by, const agent_id& who);

/// Puts it off until `until` or until the customer writes: it keeps its owner and holds no room.
result<payloads> snooze(const session_state& s, const participant& by, timestamp until,
                        std::string reason, timestamp now, millis longest);
/// It waits again, for its owner first; nothing if it is not put off.
payloads wake(const session_state& s, std::string cause, const participant& by, timestamp now);

}  // namespace switchboard::session_attendance
