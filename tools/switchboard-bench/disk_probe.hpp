#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace switchboard::bench {

/// What the disk does for a bare commit of 32 KB on LMDB with its default sync, one after another:
/// {commit_32k: {count, p50_ms, p90_ms, p99_ms, max_ms}}. Latencies of dispatch mean something only
/// beside it. Makes its environment in `directory`; takes about a second.
nlohmann::json probe_disk(const std::string& directory);

}  // namespace switchboard::bench
