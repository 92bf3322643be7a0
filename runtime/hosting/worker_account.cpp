#include "runtime/hosting/worker_account.hpp"

namespace switchboard {

worker_account::~worker_account() {
  for (auto& of_kind : cells_) {
    for (auto& at : of_kind) delete at.load(std::memory_order_relaxed);
  }
}

worker_account::cell& worker_account::make_cell(std::atomic<cell*>& at) {
  auto* made = new cell;
  at.store(made, std::memory_order_release);
  return *made;
}

worker_account::doing worker_account::now() const {
  doing d;
  d.since = since_.load(std::memory_order_acquire);
  d.actor = actor_.load(std::memory_order_relaxed);
  const auto what = what_.load(std::memory_order_relaxed);
  d.kind = static_cast<actor_kind>(what >> 8);
  d.message = static_cast<message_names::number>(what & 0xff);
  // It has gone on meanwhile: what was read may be of two messages.
  if (since_.load(std::memory_order_acquire) != d.since) return {};
  return d;
}

std::vector<busiest::entry> worker_account::take_busiest() {
  std::lock_guard hold(busy_lock_);
  return busy_.take();
}

}  // namespace switchboard
