#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/base/clock.hpp"
#include "runtime/store/admission.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Where the store says no, well before it would have to stop: what is under way when the gate
/// closes must still fit.
struct admission_limits {
  /// Share of a map in use at which nothing new is begun, pages given back not counted. The second
  /// threshold lies halfway between it and the reserve's beginning.
  double map_used = 0.90;
  /// Below this nothing new is begun, below a quarter of it nothing goes on.
  std::uint64_t disk_free_bytes = std::uint64_t{512} << 20;
  std::uint64_t lag_events = 1'000'000;
  millis lag{2000};
  /// A commit that takes longer holds up every answer: calls are refused at once instead.
  millis commit{5000};
  /// Appended and not yet written; what goes on may be twice as much, what frees four times.
  std::size_t queued_bytes = std::size_t{256} << 20;
};

/// What is kept free of a map of `map_size` bytes, above the second threshold, for what no call
/// asks for: sessions and agents that end by their deadlines, mining, the projector's own pages. At
/// least 1/32 of the map; `reserve_for_one` for each session and agent alive, up to a quarter of
/// it.
std::uint64_t map_reserve(std::uint64_t map_size, std::uint64_t alive);
/// One that is alive writes at most six records of 250 bytes until it is over (an offer's end, a
/// step, a round, its close, its trail, its agent's rest), each with its page's share, in each
/// environment.
inline constexpr std::uint64_t reserve_for_one = 4096;

/// Decides whether new work may come in. `refresh`, `spend` and `writing` are the writer's;
/// `current` and `answers` are anybody's and cheap.
class admission_gate {
 public:
  admission_gate(const admission_limits& limits, const lmdb_env& journal);
  /// The state environment fills up too. Before the writer starts.
  void watch_state(const lmdb_env& state) { state_ = &state; }

  /// Looks at the lag every time, at maps and disk ten times a second, twice when they are nearly
  /// full.
  void refresh(std::uint64_t lag_events, millis lag);
  /// The writer has something to write, the oldest of it put in at that moment; nothing: it is
  /// done.
  void writing(std::optional<std::chrono::steady_clock::time_point> since);
  /// Closed when what is being written has waited for too long: for one commit that does not end,
  /// for several that are slow, or for room.
  admission answers() const;
  /// Counts what was committed since the maps were looked at.
  void spend(std::size_t bytes);
  /// For good: the journal has failed.
  void close(std::string reason);
  /// The journal takes nothing until there is room: nothing that writes is taken. Empty: it does
  /// again.
  void stall(std::string reason);
  /// Any thread. The state takes nothing, and what is folded lies in memory: only what frees is
  /// taken. Empty: it does again.
  void state_is_full(std::string reason);

  admission current(work what, std::size_t queued_bytes) const;
  /// Any thread: another share of the maps from the next look on.
  void allow_map_used(double share) { map_used_.store(share, std::memory_order_relaxed); }
  /// Any thread: how many sessions and agents are alive, for the reserve; asked at once, so that
  /// whoever comes after finds the gate as it is, then ten times a second.
  void count_alive_by(std::function<std::uint64_t()> alive);
  std::uint64_t disk_free() const { return disk_free_.load(std::memory_order_relaxed); }

 private:
  /// What is wrong, by the work that is refused for it: begins, goes on, frees.
  struct complaints {
    std::string begins, goes_on, frees;
    void note(work from, std::string reason);
  };
  void look_at_map(const lmdb_env& env, const char* name, const char* option, std::uint64_t alive,
                   std::array<std::atomic<std::int64_t>, 3>& room);
  void look_at_disk();
  void measure();
  /// Under measuring_.
  void decide();
  std::string refusal(work what) const;

  const admission_limits limits_;
  std::atomic<double> map_used_;
  const lmdb_env& journal_;
  const lmdb_env* state_ = nullptr;
  /// Taken before mutex_: by the writer, and once by who counts the living.
  std::mutex measuring_;
  std::uint64_t lag_events_ = 0;
  millis lag_{0};
  /// Steady, in milliseconds; 0: nothing is being written.
  std::atomic<std::int64_t> writing_since_{0};
  std::chrono::steady_clock::time_point next_measure_{};
  /// What maps and disk said when they were last looked at; empty when they are well.
  complaints space_;
  /// Bytes journal and state may still grow to the first threshold, the second, and the map's end.
  /// Data costs up to twice its size in pages.
  std::array<std::atomic<std::int64_t>, 3> journal_room_{};
  std::array<std::atomic<std::int64_t>, 3> state_room_{};
  std::atomic<std::uint64_t> disk_free_{0};
  /// The least work that is refused; above all of them when everything is taken.
  std::atomic<int> refuses_from_{int(work::begins) + 1};
  mutable std::mutex mutex_;
  complaints now_;
  std::string state_full_;
  std::function<std::uint64_t()> alive_;
  std::string stalled_;
  bool closed_for_good_ = false;
};

}  // namespace switchboard::store
