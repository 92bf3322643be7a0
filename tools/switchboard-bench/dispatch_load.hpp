#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace switchboard::bench {

struct dispatch_plan {
  std::uint16_t port = 0;
  int agents = 200;
  int groups = 4;
  int connections = 16;
  int outstanding = 64;  // sessions under way on each connection, when not paced
  double seconds = 10;
  double per_second = 0;
  /// More than 0: so many wait all the time, every agent is full, and `per_second` is how often one of them closes a session.
  int waiting = 0;
  int capacity = 1;  // of each agent; counts with `waiting` alone
  std::string control;  // the daemon's control socket, to see its projector
};

/// Sessions opened by new customers, identified, assigned (durable, seen by the agent), then closed by the agent. Latency counts
/// from the scheduled open to the assignment at the agent; with `waiting`, from the scheduled close that frees an agent to its next
/// assignment, and `decided` from the one event's time to the other's, whole milliseconds: what dispatch takes without the disk
/// and the wire. {per_second, opened, assigned, closed, latency{...}, projector{...}, decided{...}}
nlohmann::json run_dispatch(const dispatch_plan& plan);

}  // namespace switchboard::bench
