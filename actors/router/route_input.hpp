#pragma once

#include <string>
#include <vector>

#include "actors/identification/findings.hpp"
#include "actors/router/routing_plan.hpp"
#include "actors/session/consultation_request.hpp"
#include "runtime/base/ids.hpp"

namespace switchboard {

/// Whom a decision is about. Refers to the request and the findings: lives no longer than they do.
struct route_input {
  session_id session;
  const consultation_request& request;
  const findings& found;
  /// Units of an agent's capacity.
  int weight = 1;
  /// The queues the session stands in, which a widened step keeps. Empty where they are not known:
  /// then the steps before are balanced once more.
  std::vector<group_id> standing{};
  /// False where nobody will read why (the what-if simulator): a plan then comes without its rule's
  /// reasons, which cost more than the decision.
  bool reasons = true;
};

/// A plan and where it begins.
struct route {
  routing_plan plan;
  step_choice first;
};

/// Where a session is to be handed on: a group, an agent, or wherever the rules say.
struct transfer_wish {
  std::string to_group;
  std::string to_agent;
  bool by_rules = false;
  /// Where it is served now.
  group_id from_group;
  /// Kept at least.
  int priority = 0;
};

/// Why a transfer is not possible; `field` is the caller's: "to.group", "to.agent", "to".
struct transfer_refusal {
  std::string message;
  std::string field;
};

}  // namespace switchboard
