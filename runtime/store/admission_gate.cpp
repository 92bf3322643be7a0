#include "runtime/store/admission_gate.hpp"

#include <algorithm>
#include <sys/statvfs.h>
#include <utility>

namespace switchboard::store {
namespace {

constexpr auto measure_every = std::chrono::milliseconds(100);
/// A walk over the free list takes longer.
constexpr auto measure_nearly_full_every = std::chrono::milliseconds(500);
constexpr std::uint64_t reserve_share = 32, most_reserve_share = 4;
/// What goes on may queue more than what begins, what frees more than both.
constexpr std::size_t queue_factor[] = {1, 2, 4};

std::string megabytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MB";
}

std::int64_t steady_ms() {
  return std::chrono::duration_cast<millis>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// The place of a kind of work in what is kept by kind: begins, goes on, frees.
std::size_t place_of(work what) {
  return std::size_t(work::begins) - std::size_t(what);
}

}  // namespace

std::uint64_t map_reserve(std::uint64_t map_size, std::uint64_t alive) {
  return std::clamp(alive * reserve_for_one, map_size / reserve_share,
                    map_size / most_reserve_share);
}

admission_gate::admission_gate(const admission_limits& limits, const lmdb_env& journal)
    : limits_(limits), map_used_(limits.map_used), journal_(journal) {}

void admission_gate::complaints::note(work from, std::string reason) {
  auto& at = from == work::begins ? begins : from == work::goes_on ? goes_on : frees;
  if (at.empty()) at = std::move(reason);
}

void admission_gate::look_at_map(const lmdb_env& env, const char* name, const char* option,
                                 std::uint64_t alive,
                                 std::array<std::atomic<std::int64_t>, 3>& room) {
  auto usage = env.usage();
  const double share = map_used_.load(std::memory_order_relaxed);
  const auto reserve = std::int64_t(map_reserve(usage.map_size, alive));
  const auto size = std::int64_t(usage.map_size);
  const auto second = std::max<std::int64_t>(size - reserve, 0);
  const auto first = std::min(std::int64_t(share * double(size)), second);
  // Only a file that has once been nearly full is worth a walk over its free list.
  if (std::int64_t(usage.high_water) > first / 4 * 3) {
    usage = env.usage(true);
    next_measure_ = std::chrono::steady_clock::now() + measure_nearly_full_every;
  }
  const auto used = std::int64_t(usage.in_use());
  const std::int64_t limits[] = {first, first + (second - first) / 2, size};
  for (std::size_t i = 0; i < room.size(); ++i) {
    room[i].store(limits[i] - used, std::memory_order_relaxed);
  }
  if (used < limits[0]) return;
  const auto words = std::string(name) + " is " + std::to_string(used * 100 / size) +
                     " % of its map: make " + option + " larger and start again";
  space_.note(work::begins, words);
  if (used >= limits[1]) space_.note(work::goes_on, words);
}

void admission_gate::look_at_disk() {
  struct statvfs disk;
  if (::statvfs(journal_.dir().c_str(), &disk) != 0) return;
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  disk_free_.store(free, std::memory_order_relaxed);
  const auto words = "disk nearly full: " + megabytes(free) + " left";
  if (free < limits_.disk_free_bytes) space_.note(work::begins, words);
  if (free < limits_.disk_free_bytes / 4) space_.note(work::goes_on, words);
}

void admission_gate::measure() {
  space_ = {};
  std::uint64_t alive = 0;
  {
    // Under the lock, so that nobody is asked any more who was taken back.
    std::lock_guard lock(mutex_);
    if (alive_) alive = alive_();
  }
  look_at_map(journal_, "journal", "journal.map_size", alive, journal_room_);
  if (state_) look_at_map(*state_, "state", "state.map_size", alive, state_room_);
  look_at_disk();
}

void admission_gate::refresh(std::uint64_t lag_events, millis lag) {
  std::lock_guard one(measuring_);
  lag_events_ = lag_events;
  lag_ = lag;
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_measure_) {
    next_measure_ = now + measure_every;
    measure();
  }
  decide();
}

void admission_gate::decide() {
  complaints all = space_;
  if (lag_events_ > limits_.lag_events) {
    all.note(work::begins, "projector lags " + std::to_string(lag_events_) + " events");
  }
  if (lag_ > limits_.lag) {
    all.note(work::begins, "projector lags " + std::to_string(lag_.count()) + " ms");
  }
  std::lock_guard lock(mutex_);
  if (closed_for_good_) return;
  if (!state_full_.empty()) all.note(work::goes_on, state_full_);
  if (!stalled_.empty()) all.note(work::frees, stalled_);
  const auto least = !all.frees.empty()     ? work::frees
                     : !all.goes_on.empty() ? work::goes_on
                                            : work::begins;
  const bool none = least == work::begins && all.begins.empty();
  now_ = std::move(all);
  refuses_from_.store(int(least) + (none ? 1 : 0), std::memory_order_relaxed);
}

void admission_gate::writing(std::optional<std::chrono::steady_clock::time_point> since) {
  const auto oldest = since.value_or(std::chrono::steady_clock::time_point{}).time_since_epoch();
  writing_since_.store(std::chrono::duration_cast<millis>(oldest).count(),
                       std::memory_order_relaxed);
}

admission admission_gate::answers() const {
  const auto since = writing_since_.load(std::memory_order_relaxed);
  if (since == 0) return {};
  const millis spent{steady_ms() - since};
  if (spent <= limits_.commit) return {};
  return {false, "the journal has had something to write for " +
                     std::to_string(spent.count() / 1000) +
                     " s: its disk is full or does not answer"};
}

void admission_gate::spend(std::size_t bytes) {
  for (auto* room : {&journal_room_, &state_room_}) {
    for (auto& one : *room) one.fetch_sub(2 * std::int64_t(bytes), std::memory_order_relaxed);
  }
}

void admission_gate::close(std::string reason) {
  std::lock_guard lock(mutex_);
  closed_for_good_ = true;
  now_ = {reason, reason, reason};
  refuses_from_.store(int(work::frees), std::memory_order_relaxed);
}

void admission_gate::stall(std::string reason) {
  {
    std::lock_guard lock(mutex_);
    stalled_ = std::move(reason);
  }
  refresh(0, millis{0});
}

void admission_gate::state_is_full(std::string reason) {
  std::lock_guard lock(mutex_);
  state_full_ = std::move(reason);
}

void admission_gate::count_alive_by(std::function<std::uint64_t()> alive) {
  {
    std::lock_guard lock(mutex_);
    alive_ = std::move(alive);
    if (!alive_) return;
  }
  std::lock_guard one(measuring_);
  measure();
  decide();
}

std::string admission_gate::refusal(work what) const {
  std::lock_guard lock(mutex_);
  // What is refused to less is refused to more.
  if (!now_.frees.empty()) return now_.frees;
  if (what >= work::goes_on && !now_.goes_on.empty()) return now_.goes_on;
  return what >= work::begins ? now_.begins : std::string();
}

admission admission_gate::current(work what, std::size_t queued_bytes) const {
  if (what == work::reads) return {};
  if (int(what) >= refuses_from_.load(std::memory_order_relaxed)) {
    if (auto why = refusal(what); !why.empty()) return {false, std::move(why)};
  }
  const auto place = place_of(what);
  if (queued_bytes > limits_.queued_bytes * queue_factor[place]) {
    return {false, "journal has " + megabytes(queued_bytes) + " waiting to be written"};
  }
  const auto queued = 2 * std::int64_t(queued_bytes);
  if (queued >= journal_room_[place].load(std::memory_order_relaxed)) {
    return {false, "journal is nearly as full as its map may be"};
  }
  if (state_ && what > work::frees &&
      queued >= state_room_[place].load(std::memory_order_relaxed)) {
    return {false, "state is nearly as full as its map may be"};
  }
  return {};
}

}  // namespace switchboard::store
