#pragma once

#include "actors/customer/block_list.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::recovery {

/// Everybody who is blocked, as the state has it: all of it must be projected.
void load_blocks(const store::state_view& view, block_list& into);

}  // namespace switchboard::recovery
