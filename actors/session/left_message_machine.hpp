#pragma once

#include "actors/session/session_machine.hpp"

/// A message left with nobody there, as work for later:
///
///     open → claimed → settled (answered, dismissed)
///      ↑________│ (released, or the claim lapsed)
///
/// Whoever claims it has it alone for a while; a claim that nothing follows lapses by itself. Plain
/// functions, as in session_machine.
namespace switchboard::left_message_machine {

using session_machine::payloads;

constexpr millis claim_lasts{30 * 60'000};

/// `failed_precondition` where there is none or it is settled, `aborted` while somebody else has
/// it.
result<payloads> claim(const session_state& s, const participant& by, timestamp now);
result<payloads> release(const session_state& s, const participant& by, std::string reason,
                         timestamp now);
/// Claims it if nobody has: the answer is what the customer gets.
result<payloads> answer(const session_state& s, const participant& by, const message_content& m,
                        timestamp now);
result<payloads> dismiss(const session_state& s, const participant& by, std::string reason,
                         timestamp now);

/// Whether somebody has it now.
bool is_claimed(const left_message& m, timestamp now);

}  // namespace switchboard::left_message_machine
