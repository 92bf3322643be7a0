#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "actors/skill_group/eligibility_matrix.hpp"
#include "actors/skill_group/head_ranks.hpp"
#include "actors/skill_group/queue_entry.hpp"
#include "actors/skill_group/slot_table.hpp"
#include "actors/skill_group/sorted_blocks.hpp"
#include "config/dispatch_config.hpp"

namespace switchboard::dispatcher {

/// Where an entry stands in its group's order: smaller goes first.
struct place {
  std::int64_t rank = 0;
  session_id session;
  auto operator<=>(const place&) const = default;
};
/// aged: opened_at − 60 s × priority; strict: priority first, then opened_at; then id.
place place_of(const queue_entry& c, config::queue_order order);

struct place_entry {
  place at;
  std::uint32_t slot = nothing;
  auto operator<=>(const place_entry&) const = default;
};

/// Which list a waiter stands in besides the queue itself.
enum class bin : std::uint8_t {
  none,    // proposed, or refused by its session a moment ago
  pool,    // anybody may take it
  sticky,  // kept for one agent
};

/// Of a heavy item (more than one unit) that waits past fill_after and has no room reserved.
enum class due_state : std::uint8_t { no, due, hopeless };

struct proposed_match {
  std::uint32_t agent = nothing;
  agent_id id;
  std::uint32_t generation = 0;
  std::uint64_t rev = 0;  // of the view it was made on
  int weight = 0;
  timestamp ramp_before{}, ramp_after{};
  agent_id cursor_before;
};

struct waiter {
  queue_entry what;  // what.asked: the memory of the running round
  place at;
  std::uint32_t signature = nothing;
  std::uint32_t generation = 0;
  dispatcher::bin bin = bin::none;
  bool settled = false;  // of the pool: in its index
  bool proposed = false;
  bool fresh = false;  // not yet tried since something changed for it
  std::uint32_t fresh_mark = 0;
  bool new_round = false;
  due_state due = due_state::no;
  bool blocked =
      false;  // tried in vain: it waits for capacity (the backlog the estimate learns from)
  bool was_blocked = false;  // until it was proposed
  timestamp parked_until{};
  timestamp sticky_armed{}, fill_armed{};
  timestamp reserve_not_before{};
  std::uint32_t kept_agent = nothing;  // whose freed room is reserved for it
  std::vector<agent_id>
      forgiven;  // asked in earlier rounds, so an update that still lists them is no news
  dispatcher::proposed_match proposal;
};

/// The waiters of a group. The queue itself keeps every waiter in the group's order with order
/// statistics; the pool keeps those anybody may take by requirement signature, and per weight the
/// ranks of the signatures' heads: the first waiter an agent fits is found among signatures, never
/// among waiters.
class waiting_queue {
 public:
  waiting_queue(config::queue_order order, eligibility_matrix& fits)
      : order_(order), fits_(&fits) {}

  std::size_t size() const { return slots_.size(); }
  std::uint32_t find(const session_id& id) const;
  waiter& at(std::uint32_t slot) { return waiters_[slot]; }
  const waiter& at(std::uint32_t slot) const { return waiters_[slot]; }
  bool live(std::uint32_t slot, std::uint32_t generation) const {
    return slot < waiters_.size() && waiters_[slot].generation == generation &&
           waiters_[slot].signature != nothing;
  }
  std::size_t slot_count() const { return waiters_.size(); }

  std::uint32_t add(queue_entry c);
  void remove(std::uint32_t slot);
  /// New entry of the same session: place and signature follow. The waiter must be in bin none.
  void replace(std::uint32_t slot, queue_entry c);
  void move_to(std::uint32_t slot, bin b);
  /// Puts a waiter of the pool where `first` finds it. Who is matched at once never gets that far.
  void settle(std::uint32_t slot);
  void reorder(config::queue_order order);

  /// From 0.
  std::size_t position(std::uint32_t slot) const { return all_.rank({waiters_[slot].at, slot}); }
  /// Of those anybody may take with the same signature, how many come before.
  std::size_t position_among_equals(std::uint32_t slot) const;
  std::optional<timestamp> oldest() const;

  /// The first waiter of the pool not after `limit` whose weight fits `room`, that `mask` (of
  /// signatures) and `accept` (of slots) let through.
  template <class Accept>
  std::uint32_t first(const node_mask& mask, int room, place_entry limit, Accept&& accept) const;
  template <class F> void for_each_sticky_to(const agent_id& agent, F&& f) const {
    if (auto at = sticky_.find(agent); at != sticky_.end()) at->second.scan(f);
  }
  bool anybody_sticky() const { return !sticky_.empty(); }
  /// All, in order.
  template <class F> void scan(F&& f) const { all_.scan(f); }
  bool pool_empty() const { return settled_ == 0; }
  bool all_settled() const { return settled_ == in_pool_; }

 private:
  struct weight_line {
    int weight = 1;
    head_ranks heads;
  };
  static constexpr std::size_t max_lines = 8;

  /// The first of the heads; the usual case of `first`, which touches one waiter only.
  std::uint32_t first_head(const node_mask& mask, int room) const;
  void link(std::uint32_t slot);
  void unlink(std::uint32_t slot);
  void head_changed(std::uint32_t signature);
  weight_line& line_of(int weight);

  config::queue_order order_;
  eligibility_matrix* fits_;
  std::vector<waiter> waiters_;
  std::vector<std::uint32_t> free_;
  slot_table slots_;
  sorted_blocks<place_entry> all_;
  std::size_t in_pool_ = 0, settled_ = 0;
  std::vector<sorted_blocks<place_entry>> pool_;  // by signature
  std::vector<place_entry> heads_;                // of the pool, by signature
  std::vector<weight_line>
      lines_;  // by weight; the last also has what is heavier than the first seven
  std::unordered_map<agent_id, sorted_blocks<place_entry>>
      sticky_;  // everyone with a preference, held or not
  struct opened {
    timestamp at;
    std::uint32_t slot, generation;
    bool operator>(const opened& o) const { return at > o.at; }
  };
  mutable std::vector<opened> opened_;  // a heap, cleaned when it is asked
};

template <class Accept>
std::uint32_t waiting_queue::first(const node_mask& mask, int room, place_entry limit,
                                   Accept&& accept) const {
  if (limit.at.rank == head_ranks::empty) {
    auto head = first_head(mask, room);
    if (head == nothing || accept(head)) return head;
  }
  bool found = false;
  auto rank = limit.at.rank;
  auto look = [&](std::uint32_t signature, std::int64_t) {
    if (fits_->need_of(signature).weight > room) return;
    pool_[signature].scan([&](const place_entry& e) {
      if (limit.at < e.at || (found && e.at == limit.at)) return false;
      if (!accept(e.slot)) return true;
      limit = e;
      rank = e.at.rank;
      found = true;
      return false;
    });
  };
  for (auto& line : lines_) {
    if (line.weight <= room) line.heads.search(mask, rank, look);
  }
  return found ? limit.slot : nothing;
}

}  // namespace switchboard::dispatcher
