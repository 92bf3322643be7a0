#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/hosting/worker_account.hpp"
#include "runtime/hosting/worker_pool.hpp"

namespace switchboard {

/// What the threads that run actors do, for whoever looks. Costs the same however many actors
/// there are, and nothing while nobody looks. Thread-safe.
class worker_activity {
 public:
  /// `pool` lives longer.
  explicit worker_activity(worker_pool& pool) : pool_(pool) {}

  /// Messages of one kind at actors of one kind, over all threads, since the start.
  struct message_row {
    actor_kind kind = actor_kind::session;
    message_names::number message = message_names::others;
    std::uint64_t handled = 0, failed = 0, work = 0;  // work: in ticks
    std::array<std::uint64_t, span_histogram::buckets> work_spans{}, wait_spans{};
  };
  std::vector<message_row> messages() const;

  /// What each thread does now, in their order.
  std::vector<worker_account::doing> doing() const;
  std::size_t waiting_jobs() const { return pool_.waiting_jobs(); }

  /// The actors that cost most in the last window of a second or more, the busiest first. The
  /// first to ask after a pause of `forgotten_after` gets a window of no length: from then on it is
  /// counted. All who look see the same window.
  struct window {
    std::uint64_t length = 0;  // in ticks
    std::vector<busiest::entry> actors;
  };
  window last_window(std::size_t limit);

 private:
  worker_pool& pool_;
  std::mutex lock_;
  std::uint64_t taken_at_ = 0;
  window last_;
};

}  // namespace switchboard
