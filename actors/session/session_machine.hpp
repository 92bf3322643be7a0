#pragma once

#include <string>
#include <vector>

#include "actors/session/session_state.hpp"
#include "runtime/base/error.hpp"

/// What a session does about what it is asked: plain functions from state, input and time to
/// events. The life:
///
///     (open) → identifying → waiting ⇄ offered → active → closed
///                    │          │  ↖_______________│  (transferred, agent lost: back to the old
///                    place) └──────────┴→ abandoned, left_message
///
/// Nothing here changes the state: the events do, through `apply`.
namespace switchboard::session_machine {

using payloads = std::vector<session_payload>;

struct limits {
  std::uint64_t events = 200'000;  // of one session
  millis recall_window{120'000};
  std::string recall_rule;       // what the window is called in the configuration
  bool recall_any_time = false;  // the right to take back what agents wrote, whenever it was
};

/// A group's proposal: an agent has reserved room under `offer`.
struct proposal {
  offer_id offer;
  participant agent;
  group_id group;
  bool automatic = true;
  millis timeout{20'000};
  std::string why;
  decision_note decision;
  bool new_round = false;  // all who could take it had been asked: it begins anew with them
};
template <class V> void describe(V& v, proposal& x) {
  v("offer", x.offer);
  v("agent", x.agent);
  v("group", x.group);
  v("automatic", x.automatic);
  v("timeout", x.timeout);
  v("why", x.why);
  v("decision", x.decision);
  v("new_round", x.new_round);
}

payloads open(const consultation_request& r, std::optional<session_id> continues, int weight,
              std::string language);
/// The customer's further request while the session lives; its message once (`with_message` false:
/// it is there already).
payloads request(const consultation_request& r, bool with_message);

payloads identified(findings found, bool late);

/// Does the step chosen leave the session with nobody to wait for?
bool is_nowhere(const routing_plan& plan, const step_choice& choice);
/// Takes up a plan and enters the step chosen. No step left, or a step that says so: leaves a
/// message (the session is over).
payloads plan(const session_state& s, routing_plan plan, step_choice choice, timestamp now);
/// Moves on to the step chosen.
payloads enter_step(const session_state& s, step_choice choice, timestamp now);

/// `failed_precondition` when the session is not waiting (one proposal is taken, the rest refused).
result<payloads> propose(const session_state& s, const proposal& p, timestamp now);
/// `failed_precondition` naming the winner when the offer is over.
result<payloads> accept(const session_state& s, const offer_id& offer, const agent_id& agent,
                        timestamp now);
/// Ends the open offer, whatever the cause; nothing if it is not open any more.
payloads end_offer(const session_state& s, const offer_id& offer, std::string cause, bool exclude);
/// The serving agent is gone: back to waiting where it was accepted.
payloads agent_lost(const session_state& s, const agent_id& agent, std::string reason);

/// `failed_precondition` when over, `permission_denied` when an agent does not serve it.
result<payloads> send(const session_state& s, const participant& from, const message_content& m,
                      const limits& l);
/// `sent_by` and `sent_at` are of the message at `message_seq`, as the transcript has it.
result<payloads> recall(const session_state& s, const participant& by, std::uint64_t message_seq,
                        const participant& sent_by, timestamp sent_at, timestamp now,
                        const limits& l);
result<payloads> read(const session_state& s, const participant& by, std::uint64_t message_seq);
result<payloads> note(const session_state& s, const participant& by, codec::packed_value body);
result<payloads> tag(const session_state& s, const participant& by, std::vector<std::string> add,
                     std::vector<std::string> remove);
result<payloads> rate(const session_state& s, int score, std::string comment);
result<payloads> wrap_up(const session_state& s, const participant& by, std::string summary,
                         std::string disposition);
/// By the customer, the serving agent or the system; while nobody served it counts as abandoned.
result<payloads> close(const session_state& s, const participant& by, std::string reason);
/// Hands the session on, to wait by `plan`.
result<payloads> transfer(const session_state& s, event::transferred how, routing_plan plan,
                          step_choice choice, timestamp now);

/// A shift leader puts a waiter before others: its priority for this wait.
result<payloads> bump(const session_state& s, const participant& by, int priority,
                      std::string reason);

/// No step is left, or its queue is full: `reason`.
payloads leave_message(const session_state& s, std::string reason);

/// May `by` read and act on this session at all? Agents: who serve it, or did last.
result<void> may_touch(const session_state& s, const participant& by);

}  // namespace switchboard::session_machine
