#pragma once

#include <cstdint>

#include <caf/actor_control_block.hpp>

namespace switchboard {

/// How the timers tell an actor: sends it `timer_fired`. Any thread.
void send_wake(const caf::strong_actor_ptr& who, std::uint64_t generation);

}  // namespace switchboard
