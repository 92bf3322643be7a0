#pragma once

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "adapters/center/center_client.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

struct credit_options {
  /// How often orders are looked through; 0 is never.
  millis every{0};
  /// For so long after it was shown, an order of a product is the agent's credit.
  millis within{7ll * 24 * 3'600'000};
};

struct credit_services {
  const store::state& state;
  const clock_source& clock;
  probe_registry& probes;
  const directory_view& directory;
  std::shared_ptr<center::center_client> client;
  credit_options options;
};

/// Reads from the state environment what agents have shown; asks the trade center for the orders of
/// those to whom it was shown, a bounded number of members a round; tells the sessions what was
/// bought. The sessions record it: this one keeps nothing.
credit_actor spawn_credit(caf::actor_system& system, const credit_services& services);

}  // namespace switchboard
