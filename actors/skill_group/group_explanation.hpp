#pragma once

#include "actors/session/decision_note.hpp"
#include "actors/skill_group/group_dispatcher.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

/// What a group tells of itself and of its decisions, packed for the wire or kept with a session.
/// Pure.

/// A choice as it is kept with the offer, made at `now`.
decision_note note_of(const decision& d, timestamp now);
/// Of an agent who asked, having become free: there was no choice but of the session.
decision_note note_of_freed(config::strategy s);

/// Why this waiter is not served yet: one map.
void pack_waiter(codec::packer& p, const group_dispatcher& dispatcher, const session_id& session,
                 timestamp now);
/// The group as admin.groups shows it: one map. `with_queue`: and who waits, the first
/// `most_shown`.
constexpr std::size_t most_shown = 500;
void pack_group(codec::packer& p, const group_dispatcher& dispatcher, std::size_t offers_pending,
                bool with_queue, timestamp now);

}  // namespace switchboard
