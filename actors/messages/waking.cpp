#include "actors/messages/waking.hpp"

#include <caf/send.hpp>

#include "actors/messages/interfaces.hpp"

namespace switchboard {

void send_wake(const caf::strong_actor_ptr& who, std::uint64_t generation) {
  caf::anon_send(caf::actor_cast<caf::actor>(who), timer_fired{generation});
}

}  // namespace switchboard
