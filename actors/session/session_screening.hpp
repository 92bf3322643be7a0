#pragma once

#include <optional>
#include <string>

#include "actors/reception/reception_rules.hpp"
#include "actors/session/session_machine.hpp"

/// What may be said in a session, and how it may be closed, by the reception rules of its channel
/// and its group. Pure.
namespace switchboard::session_screening {

/// Judges the message that `events` begin with. Nothing: it may be said; words are masked where
/// that is configured, and what was found is recorded beside it. Else why not, for its sender;
/// `events` are what is recorded all the same.
std::optional<error> judge(const session_state& s, const reception_rules& rules,
                           const participant& from, session_machine::payloads& events);

/// Messages that come with a request were judged at the door by what holds for its channel. A word
/// of a list that is bound to a group is masked: the request itself is not refused for it.
void mask_opening(const session_state& s, const reception_rules& rules,
                  session_machine::payloads& events);

/// Why that disposition will not do for a session of the group; `given` may be empty.
std::optional<error> wrong_disposition(const session_state& s, const reception_rules& rules,
                                       const group_id& group, const std::string& given);

}  // namespace switchboard::session_screening
