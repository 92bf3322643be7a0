#pragma once

#include <atomic>
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
#include "runtime/store/state.hpp"

namespace switchboard {

struct customer_options {
  /// A person nobody speaks of goes to sleep after this.
  millis idle_after{10'000};
  /// Persons in use at once, of one directory: beyond it whoever was quiet for longest goes to
  /// sleep earlier, and calls wake nobody while that is not possible. Sessions' own words always
  /// do.
  std::size_t awake = 50'000;
  /// How often what waits for the projector looks again.
  millis look_again{100};
  /// How long a trail waits for the trade center's orders; then it comes without.
  millis orders_deadline{300};
  /// Trails of one directory that wait for orders; beyond it a trail comes without.
  std::size_t trails = 4'096;
  /// Closed sessions of one directory that wait for the projector to be mined; beyond it they are
  /// not, unless somebody asks (`customer.mine`).
  std::size_t to_mine = 65'536;
  customer_machine::limits limits;
};

/// What all persons of a node share. Outlives them. The state has come up to all that the journal
/// held when the process began.
struct customer_services {
  store::journal& journal;
  const store::state& state;
  const clock_source& clock;
  directory_view& directory;
  probe_registry& probes;
  std::function<std::uint64_t()> random;
  customer_options options;
  /// The rest may be missing where it is not needed.
  std::function<std::shared_ptr<const config::dispatch_config>()> config;
  const center_handles* centers = nullptr;
  block_list* blocks = nullptr;
  const catalog_snapshot* catalog = nullptr;
  name_index* names = nullptr;
  identity_claims* claims = nullptr;
  std::atomic<std::int64_t>* in_use = nullptr;  // persons
  /// Under which repeated changes are known.
  codec::digest_secret secret{};
};

/// The directory of persons whose shards are its own. Each person in use is a plain object of its,
/// read from the state when it is first spoken of, and forgotten when it has been quiet for a while
/// and the state has it all (docs/decisions/0041).
customer_directory_actor spawn_customer_directory(caf::actor_system& system,
                                                  const customer_services& services);

}  // namespace switchboard
