#include "runtime/store/admission_gate.hpp"

#include <sys/statvfs.h>
#include <utility>

namespace switchboard::store {
namespace {

constexpr auto measure_every = std::chrono::milliseconds(100);
/// A walk over the free list takes longer.
constexpr auto measure_nearly_full_every = std::chrono::milliseconds(500);

std::string megabytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MB";
}

}  // namespace

admission_gate::admission_gate(const admission_limits& limits, const lmdb_env& journal)
    : limits_(limits), map_used_(limits.map_used), journal_(journal) {}

std::string admission_gate::map_complaint(const lmdb_env& env, const char* name,
                                          std::int64_t* room) {
  auto usage = env.usage();
  const auto allowed = static_cast<std::uint64_t>(map_used_.load(std::memory_order_relaxed) * double(usage.map_size));
  // Only a file that has once been nearly full is worth a walk over its free list.
  if (usage.high_water > allowed / 4 * 3) {
    usage = env.usage(true);
    next_measure_ = std::chrono::steady_clock::now() + measure_nearly_full_every;
  }
  if (room) *room = std::int64_t(allowed) - std::int64_t(usage.in_use());
  if (usage.in_use() < allowed) return {};
  const auto percent = usage.in_use() * 100 / usage.map_size;
  return std::string(name) + " is " + std::to_string(percent) + " % of its map";
}

void admission_gate::measure() {
  std::int64_t room = 0;
  space_complaint_ = map_complaint(journal_, "journal", &room);
  room_.store(room, std::memory_order_relaxed);
  if (space_complaint_.empty() && state_) {
    space_complaint_ = map_complaint(*state_, "state", nullptr);
  }
  struct statvfs disk;
  if (::statvfs(journal_.dir().c_str(), &disk) != 0) return;
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  disk_free_.store(free, std::memory_order_relaxed);
  if (space_complaint_.empty() && free < limits_.disk_free_bytes) {
    space_complaint_ = "disk nearly full: " + megabytes(free) + " left";
  }
}

void admission_gate::refresh(std::uint64_t lag_events, millis lag) {
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_measure_) {
    next_measure_ = now + measure_every;
    measure();
  }
  std::string reason = space_complaint_;
  if (reason.empty() && lag_events > limits_.lag_events) {
    reason = "projector lags " + std::to_string(lag_events) + " events";
  }
  if (reason.empty() && lag > limits_.lag) {
    reason = "projector lags " + std::to_string(lag.count()) + " ms";
  }
  std::lock_guard lock(mutex_);
  if (closed_for_good_) return;
  open_.store(reason.empty(), std::memory_order_relaxed);
  reason_ = std::move(reason);
}

void admission_gate::spend(std::size_t bytes) {
  room_.fetch_sub(2 * std::int64_t(bytes), std::memory_order_relaxed);
}

void admission_gate::close(std::string reason) {
  std::lock_guard lock(mutex_);
  closed_for_good_ = true;
  reason_ = std::move(reason);
  open_.store(false, std::memory_order_relaxed);
}

admission admission_gate::current(std::size_t queued_bytes) const {
  if (!open_.load(std::memory_order_relaxed)) {
    std::lock_guard lock(mutex_);
    if (!reason_.empty()) return {false, reason_};
  }
  if (queued_bytes > limits_.queued_bytes) {
    return {false, "journal has " + megabytes(queued_bytes) + " waiting to be written"};
  }
  if (2 * std::int64_t(queued_bytes) >= room_.load(std::memory_order_relaxed)) {
    return {false, "journal is nearly as full as its map may be"};
  }
  return {};
}

}  // namespace switchboard::store
