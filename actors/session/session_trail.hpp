#pragma once

#include "actors/customer/trail_entry.hpp"
#include "actors/session/session_state.hpp"

/// What a session tells of itself to the person it belongs to. Pure.
namespace switchboard {

/// A line of that person's trail.
trail_entry trail_entry_of(const session_state& s);

/// The line, and at the start what was found: the tags there are, and what the request shows where
/// the person has not heard that with the question for its trail.
trail_note trail_note_of(const session_state& s, bool start);

}  // namespace switchboard
