#pragma once

#include "actors/session/session_transfer.hpp"

/// What a session's stamps say of time, when it is taken up again. Pure.
namespace switchboard::session_time {

/// The latest stamp the session has: its own time is not before it.
timestamp latest_stamp(const session_state& s);

/// Moves what ends by itself in the event by so much: a time on the wall stays.
void shift_deadlines(session_payload& what, millis by);

/// A deadline that lies further ahead than what it is the end of may last was set by a clock that
/// has been set back: it ends with its span from `now`. What waits for a time on the wall stays.
void cut_to_spans(session_state& s, timestamp now, const session_transfer::limits& l);

}  // namespace switchboard::session_time
