#pragma once

#include <functional>

#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::recovery {

/// Visits the sessions that were over less than `span` before the newest record, as the state has
/// them: all of it must be projected. One that is damaged is left out.
void for_each_lately_closed(const store::state_view& view, millis span,
                            const std::function<void(session_state&&)>& visit);

}  // namespace switchboard::recovery
