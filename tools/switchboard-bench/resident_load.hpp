#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

namespace switchboard::bench {

class daemon_process;

/// `sessions` live sessions of `messages` messages each with two subscribers, then idle: anonymous
/// memory each.
nlohmann::json run_memory(daemon_process& daemon, int sessions, int messages);

/// `sessions` live (waiting) sessions, killed under load, until the first correct dispatch of the
/// next start.
nlohmann::json run_recover(daemon_process& daemon, int sessions);

}  // namespace switchboard::bench
