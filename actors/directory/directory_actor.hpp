#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <caf/actor_system.hpp>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/interfaces.hpp"
#include "actors/session/session_actor.hpp"

namespace switchboard {

/// What the state environment knows of an earlier session.open with the same key.
struct known_open {
  session_id session;
  request_key key;
};
/// The customer's last session on that channel that is over.
struct known_close {
  session_id session;
  timestamp closed_at;
  agent_id last_agent;
};

struct directory_services {
  const session_services& sessions;
  /// Point reads of the state environment, microseconds each.
  std::function<std::optional<known_open>(const std::string& channel, const std::string& customer,
                                          const std::string& request_id)>
      find_open;
  std::function<std::optional<known_close>(const std::string& channel, const std::string& customer)>
      find_close;
  /// Entries of sessions that are over are kept at least this long, and until they are projected.
  millis remember{10'000};
  /// A session that is over and that nobody touches stays in memory this long, and until it can be
  /// read back.
  millis linger{5'000};
};

/// A session that was live before the restart: the directory takes it up again.
struct resumed_session {
  session_id session;
  std::string channel, customer;
};

/// One directory for some of the shards: serialises concurrent opens of one customer.
directory_actor spawn_directory(caf::actor_system& system, const directory_services& services,
                                std::string name, std::vector<resumed_session> resumed);

}  // namespace switchboard
