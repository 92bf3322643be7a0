#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/switchboard-bench/measured_window.hpp"

namespace switchboard::bench {

struct chat_plan {
  std::uint16_t port = 0;
  bool real = true;  // sessions are opened and served; the baseline takes any name
  int agents = 8;
  int connections = 64;
  int outstanding = 16;  // messages under way on each connection, when not paced
  measured_window::plan window;
  double per_second = 0;     // 0: as fast as the window allows
  int idle_connections = 0;  // channel connections that only stand there
  std::string control;       // the daemon's control socket, to see its projector
};

/// Messages of 200 bytes from channel connections to agents: acknowledged and delivered. Latency
/// counts from the scheduled send to the delivery at the agent. {per_second, acknowledged,
/// delivered, cpu{server_us, client_us, threads}, latency{...}, projector{...}}
nlohmann::json run_chat(const chat_plan& plan);

}  // namespace switchboard::bench
