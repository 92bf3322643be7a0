#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/session/session_codec.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

/// What erasing a customer leaves: counts and times, nothing that was said and nobody's name. Pure.
namespace switchboard::projecting {

/// The event with its place, kind, time and readers, and nothing in it but {erased: true}.
std::string erased_event(const session_codec::stored_event& e);
/// All of a record's or a transcript chunk's; nothing where the bytes are damaged.
std::optional<std::string> erased_events(std::string_view events);

/// The snapshot of a session that is over, with what counts look at: phase, channel, times, group,
/// agent, rating, numbers.
session_state erased_session(const session_state& s);

/// The sessions that a customer's record says are erased.
std::vector<session_id> erased_sessions_in(std::string_view customer_events);

/// Rewrites a session's snapshot, transcript and trail in the state.
void erase_session(store::state_batch& batch, const session_id& id);

/// Whose records in the journal are to be rewritten.
struct erasure {
  std::set<session_id> sessions;
  std::set<std::string> persons;
};
/// What becomes of a record: nothing where it stays as it is. Of others who were merged with them
/// once, only that goes.
std::optional<store::record_edit> edit_for(const erasure& what, const store::placed_record& r);

}  // namespace switchboard::projecting
