#pragma once

#include <functional>

#include <caf/actor_system.hpp>

#include "actors/catalog/catalog_snapshot.hpp"
#include "actors/customer/block_list.hpp"
#include "actors/customer/customer_machine.hpp"
#include "actors/customer/identity_claims.hpp"
#include "actors/customer/name_index.hpp"
#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "config/dispatch_config.hpp"
#include "runtime/hosting/probe.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

struct customer_options {
  /// A person nobody speaks of goes to sleep after this.
  millis idle_after{10'000};
  /// How often one that waits for the projector looks again.
  millis look_again{100};
  /// Messages kept for a person that is being woken or put to sleep.
  std::size_t held = 256;
  /// How long a trail waits for the trade center's orders; then it comes without.
  millis orders_deadline{300};
  /// Trails that wait for orders, and sessions that wait to be mined, of one person.
  std::size_t waiting = 64;
  customer_machine::limits limits;
};

/// What all persons of a node share. Outlives them.
struct customer_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::uint64_t()> random;
  /// The journal's last position when the process began: a person is not read from a state that is
  /// behind it.
  store::position recovered_upto = 0;
  customer_options options;
  /// The rest may be missing where it is not needed.
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  const center_handles* centers = nullptr;
  block_list* blocks = nullptr;
  const catalog_snapshot* catalog = nullptr;
  name_index* names = nullptr;
  identity_claims* claims = nullptr;
  /// Under which repeated changes are known.
  codec::digest_secret secret{};
  /// Whether the journal stands still; null: never.
  const store::work_gate* gate = nullptr;
};

/// A person in use. It reads itself from the state, and ends after this exchange with its
/// directory: customer_idle (quiet, and everything projected), drain (nothing more comes from
/// here), customer_idle (the state has it all: who reads me now misses nothing), end. Until the
/// second one the directory holds what comes for it.
customer_actor spawn_customer(caf::actor_system& system, const customer_services& services,
                              person_id person);

/// The directory of persons whose shards are its own.
customer_directory_actor spawn_customer_directory(caf::actor_system& system,
                                                  const customer_services& services);

}  // namespace switchboard
