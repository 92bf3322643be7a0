#pragma once

#include <cstdint>

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
};

/// Sessions opened by new customers, identified, assigned (durable, seen by the agent), then closed by the agent. Latency counts
/// from the scheduled open to the assignment at the agent. {per_second, opened, assigned, closed, latency{...}}
nlohmann::json run_dispatch(const dispatch_plan& plan);

}  // namespace switchboard::bench
