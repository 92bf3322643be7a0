#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/switchboard-bench/measured_window.hpp"

namespace switchboard::bench {

struct dispatch_plan {
  std::uint16_t port = 0;
  int agents = 200;
  int groups = 4;
  int connections = 16;
  int outstanding = 64;  // sessions under way on each connection, when not paced
  measured_window::plan window;
  double per_second = 0;
  /// How many of a hundred openings come from a customer who has been here in this run. The others
  /// are new.
  int returning_percent = 0;
  /// How long a session is served, and how many messages its two sides say meanwhile, evenly
  /// spread.
  double stay_seconds = 0;
  int messages = 0;
  /// More than 0: so many wait all the time, every agent is full, and `per_second` is how often one
  /// of them closes a session.
  int waiting = 0;
  int capacity = 1;  // of each agent; counts with `waiting` alone
  /// More than 0: the window is also told in slices of so many seconds, each with its p99 and what
  /// `memory` answers then, bytes.
  double slice_seconds = 0;
  std::function<std::uint64_t()> memory;
  std::string control;  // the daemon's control socket, to see its projector
};

/// Sessions opened by customers, identified, assigned (durable, seen by the agent), then closed by
/// the agent. Latency counts from the scheduled open to the assignment at the agent; with
/// `waiting`, from the scheduled close that frees an agent to its next assignment, and `decided`
/// from the one event's time to the other's, whole milliseconds: what dispatch takes without the
/// disk and the wire. {per_second, opened, assigned, closed, cpu{server_us, client_us, threads},
/// latency{...}, projector{...}, decided{...}, slices[{per_second, p99_ms, memory_bytes}]}
nlohmann::json run_dispatch(const dispatch_plan& plan);

}  // namespace switchboard::bench
