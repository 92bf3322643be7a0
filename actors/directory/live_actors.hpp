#pragma once

#include "actors/directory/directory_view.hpp"
#include "runtime/hosting/probe.hpp"

/// All living actors of a node, whether they are in the registry of probes or, as sessions, in a
/// table of their own. Thread-safe.
namespace switchboard {

/// By kind. Costs the same however many there are.
std::array<std::size_t, actor_kinds> count_actors(const probe_registry& probes,
                                                  const session_table& sessions);

/// At most `limit` rows of that kind, the busiest first. Looks at every session.
std::vector<probe_registry::row> busiest_actors(const probe_registry& probes,
                                                const session_table& sessions,
                                                std::optional<actor_kind> kind, std::size_t limit);

/// That one, if it lives.
std::optional<probe_registry::row> find_actor(const probe_registry& probes,
                                              const session_table& sessions, actor_kind kind,
                                              const std::string& key);

}  // namespace switchboard
