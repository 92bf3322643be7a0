#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "actors/messages/dispatch_messages.hpp"
#include "actors/reception/alert_list.hpp"
#include "actors/session/session_machine.hpp"
#include "actors/skill_group/queue_entry.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/base/optional_ptr.hpp"
#include "runtime/hosting/outbox.hpp"

/// What the parts of a session want done outside them. A part decides and returns effects; the
/// session's actor carries them out, and so do what-if and the tests. Agents and groups are named,
/// so that an effect is a plain value; what the session's state says is not repeated in it.
namespace switchboard {

namespace effect {

// ---- of the session itself

/// These events follow: they are recorded, with their own effects, before the next effect is looked
/// at.
struct record {
  session_machine::payloads events;
};
/// The queues it could wait in are full, and the last one's group says that it ends (`refuse`,
/// `leave_message`).
struct turn_away {
  config::when_full then = config::when_full::refuse;
};
/// A call that has waited is decided: recorded, and answered with the seq or, where it began one,
/// with the transfer.
struct settle {
  reply_to reply;
  request_key key;
  session_machine::payloads events;
  std::optional<transfer_id> transfer;
};
struct refuse {
  reply_to reply;
  optional_ptr<error> why;
};
/// Somebody asked by name has room and is to join the search that has just begun.
struct propose_join {
  optional_ptr<session_machine::proposal> what;
};

// ---- routers

/// For a plan, by the rules that hold now (`anew`) or by those that planned it before.
struct ask_router {
  bool anew = false;
};
/// Which step to enter from `from` on.
struct choose_step {
  int from = 0;
};
/// The way to a group, to an agent, or by the rules.
struct route_transfer {
  std::string to_group, to_agent;
  bool by_rules = false;
};

// ---- groups

/// `recovered`: it stood there before a restart.
struct enter_queue {
  group_id group;
  bool recovered = false;
};
/// The place there is the session's already, or again.
struct return_to_queue {
  group_id group;
};
/// The same for somebody who is to join it.
struct seek_in_queue {
  group_id group;
};
struct leave_queue {
  group_id group;
  leave_cause cause = leave_cause::closed;
};
/// The group answers with the position, to be told to the customer.
struct ask_position {
  group_id group;
};

// ---- agents

struct end_offer {
  agent_id agent;
  offer_id offer;
  std::string cause;
  bool missed = false;
};
struct offer_join {
  agent_id agent;
  offer_id offer;
  group_id group;
  timestamp expires_at;
  std::string why;
};
/// Asks for room under an offer of the session's own; weight 0: only whether the agent can come.
struct hold_room {
  agent_id agent;
  offer_id offer;
  group_id group;
  int weight = 1;
  bool takeover = false;
};
struct release_room {
  agent_id agent;
  offer_id offer;
};
/// Has joined; `since`: has been there since before a restart.
struct begin_guest {
  agent_id agent;
  offer_id offer;
  presence as = presence::conference;
  group_id group;
  std::optional<timestamp> since;
};
struct end_guest {
  agent_id agent;
  std::string reason;
};
/// Gives back the room that the wrap-up of this session holds.
struct end_wrap_up {
  agent_id agent;
};
/// Tells these agents how long the customer waits for them, or that it is over.
struct alert_agents {
  std::vector<agent_id> agents;
  optional_ptr<agent_alert> what;
};

// ---- the archive

/// Reads the events after `after`.
struct read_history {
  std::uint64_t ticket = 0;
  std::uint64_t after = 0;
};

}  // namespace effect

using session_effect_kinds =
    std::variant<effect::record, effect::turn_away, effect::settle, effect::refuse,
                 effect::propose_join, effect::ask_router, effect::choose_step,
                 effect::route_transfer, effect::enter_queue, effect::return_to_queue,
                 effect::seek_in_queue, effect::leave_queue, effect::ask_position,
                 effect::end_offer, effect::offer_join, effect::hold_room, effect::release_room,
                 effect::begin_guest, effect::end_guest, effect::end_wrap_up, effect::alert_agents,
                 effect::read_history>;
/// One of the kinds. A class of its own so that copying and destroying them is compiled once, not
/// wherever an effect passes by.
class session_effect : public session_effect_kinds {
 public:
  using session_effect_kinds::session_effect_kinds;
  session_effect(const session_effect&);
  session_effect(session_effect&&) noexcept;
  session_effect& operator=(const session_effect&);
  session_effect& operator=(session_effect&&) noexcept;
  ~session_effect();
};
/// In the order in which they are to happen. The usual few lie in the list itself.
using session_effects = boost::container::small_vector<session_effect, 4>;

/// What is to be recorded, and what is to happen after that.
struct session_decision {
  session_machine::payloads events;
  session_effects effects;
};

}  // namespace switchboard
