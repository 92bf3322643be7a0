#include "adapters/channel/transport/gate.hpp"

#include <utility>

namespace switchboard::channel {

gate::gate(store::journal& journal, std::function<void()> wake)
    : journal_(journal), wake_(std::move(wake)) {
  subscription_ = journal_.on_durable([this](store::position) { wake_waiting(); });
  subscribed_ = true;
}

// The journal publishes a position before it calls `wake_waiting`, which takes the lock: so either
// the entry is seen there, or the position is seen here. The journal is never asked under our lock,
// since it may hold its own when it calls.
void gate::list(std::shared_ptr<gated_output> waiting, store::position after) {
  {
    std::lock_guard hold(lock_);
    if (stopped_) return;
    waiting_.push_back(std::move(waiting));
    if (scheduled_) return;
  }
  if (journal_.durable() >= after) wake_waiting();
}

void gate::wake_waiting() {
  {
    std::lock_guard hold(lock_);
    if (scheduled_ || waiting_.empty()) return;
    scheduled_ = true;
  }
  wake_();
}

void gate::drain() {
  {
    std::lock_guard hold(lock_);
    scheduled_ = false;
    std::swap(waiting_, batch_);
  }
  auto durable = journal_.durable();
  for (auto& output : batch_) output->release(durable);
  batch_.clear();
}

void gate::stop() {
  if (std::exchange(subscribed_, false)) journal_.unsubscribe(subscription_);
  std::vector<std::shared_ptr<gated_output>> dropped;
  std::lock_guard hold(lock_);
  stopped_ = true;
  std::swap(dropped, waiting_);
}

}  // namespace switchboard::channel
