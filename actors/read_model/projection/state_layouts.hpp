#pragma once

#include "runtime/store/layout_step.hpp"

namespace switchboard::projecting {

/// How a state of an older layout comes to `state_layout`, step by step; each layout since the
/// third has one. A state older than that is made anew from its journal, or read by the program
/// that wrote it.
store::layout_steps layout_steps();

}  // namespace switchboard::projecting
