#pragma once

#include <cstdint>
#include <vector>

#include "actors/session/session_state.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/state.hpp"

/// INTERNAL to recovery.
namespace switchboard::recovery {

/// The live sessions as they are projected, by id, read by so many threads, each a range of shards
/// through a view of its own.
result<std::vector<session_state>> load_live(const store::state& state, unsigned threads);

}  // namespace switchboard::recovery
