#include "adapters/channel/transport/gate.hpp"

#include <utility>

namespace switchboard::channel {

gate::gate(store::journal& journal, std::function<void()> wake)
    : x_journal(journal), x_wake(std::move(wake)) {
  x_subscription = x_journal.on_durable([this](store::position) { wake_waiting(); });
  x_subscribed = true;
}

// The journal publishes a position before it calls `wake_waiting`, which takes the lock: so either
// the entry is seen there, or the position is seen here. The journal is never asked under our lock,
// since it may hold its own when it calls.
void gate::list(std::shared_ptr<gated_output> waiting, store::position after) {
  {
    std::lock_guard hold(x_lock);
    if (x_stopped) return;
    x_waiting.push_back(std::move(waiting));
    if (x_scheduled) return;
  }
  if (x_journal.durable() >= after) wake_waiting();
}

void gate::wake_waiting() {
  {
    std::lock_guard hold(x_lock);
    if (x_scheduled || x_waiting.empty()) return;
    x_scheduled = true;
  }
  x_wake();
}

void gate::drain() {
  {
    std::lock_guard hold(x_lock);
    x_scheduled = false;
    std::swap(x_waiting, x_batch);
  }
  auto durable = x_journal.durable();
  for (auto& output : x_batch) output->release(durable);
  x_batch.clear();
}

void gate::stop() {
  if (std::exchange(x_subscribed, false)) x_journal.unsubscribe(x_subscription);
  std::vector<std::shared_ptr<gated_output>> dropped;
  std::lock_guard hold(x_lock);
  x_stopped = true;
  std::swap(dropped, x_waiting);
}

}  // namespace switchboard::channel
