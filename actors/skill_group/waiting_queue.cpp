#include "actors/skill_group/waiting_queue.hpp"

#include <algorithm>
#include <functional>

#include "runtime/base/error.hpp"

namespace switchboard::dispatcher {

place place_of(const queue_entry& c, config::queue_order order) {
  if (order == config::queue_order::aged) return {unix_ms(c.urgency()), c.session};
  // 19 bits of priority above 44 bits of time (to the year 2527): one number compares as the pair
  // does.
  constexpr std::int64_t most = (1 << 18) - 1, time_bits = 44;
  auto priority = std::clamp<std::int64_t>(c.priority, -most, most);
  auto opened =
      std::clamp<std::int64_t>(unix_ms(c.opened_at), 0, (std::int64_t{1} << time_bits) - 1);
  return {((most - priority) << time_bits) | opened, c.session};
}

std::uint32_t waiting_queue::find(const session_id& id) const {
  return slots_.find(std::hash<session_id>{}(id),
                     [&](std::uint32_t s) { return waiters_[s].what.session == id; });
}

std::uint32_t waiting_queue::add(queue_entry c) {
  std::uint32_t slot;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(waiters_.size());
    waiters_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
    auto generation = waiters_[slot].generation;
    waiters_[slot] = {};
    waiters_[slot].generation = generation;
  }
  slots_.insert(std::hash<session_id>{}(c.session), slot);
  waiters_[slot].what = std::move(c);
  link(slot);
  return slot;
}

void waiting_queue::remove(std::uint32_t slot) {
  move_to(slot, bin::none);
  unlink(slot);
  auto& w = waiters_[slot];
  slots_.erase(std::hash<session_id>{}(w.what.session), slot);
  ++w.generation;
  free_.push_back(slot);
}

void waiting_queue::replace(std::uint32_t slot, queue_entry c) {
  SB_INVARIANT(waiters_[slot].bin == bin::none);
  unlink(slot);
  waiters_[slot].what = std::move(c);
  link(slot);
}

void waiting_queue::link(std::uint32_t slot) {
  auto& w = waiters_[slot];
  w.at = place_of(w.what, order_);
  w.signature = fits_->acquire(w.what.need);
  all_.insert({w.at, slot});
  if (!w.what.sticky.empty()) sticky_[w.what.sticky].insert({w.at, slot});
  // Entries of those who left are dropped when they come up, or here once they are the greater
  // part.
  if (opened_.size() > 2 * waiters_.size() + 64) {
    std::erase_if(opened_, [&](auto& o) { return !live(o.slot, o.generation); });
    std::make_heap(opened_.begin(), opened_.end(), std::greater<>{});
  }
  opened_.push_back({w.what.opened_at, slot, w.generation});
  std::push_heap(opened_.begin(), opened_.end(), std::greater<>{});
}

void waiting_queue::unlink(std::uint32_t slot) {
  auto& w = waiters_[slot];
  bool was_there = all_.erase({w.at, slot});
  SB_INVARIANT(was_there);
  if (!w.what.sticky.empty()) {
    auto line = sticky_.find(w.what.sticky);
    line->second.erase({w.at, slot});
    if (line->second.empty()) sticky_.erase(line);
  }
  fits_->release(w.signature);
  w.signature = nothing;
}

void waiting_queue::move_to(std::uint32_t slot, bin b) {
  auto& w = waiters_[slot];
  if (w.bin == b) return;
  if (w.bin == bin::pool) {
    --in_pool_;
    if (w.settled) {
      w.settled = false;
      --settled_;
      bool was_head = pool_[w.signature].front().slot == slot;
      pool_[w.signature].erase({w.at, slot});
      if (was_head) head_changed(w.signature);
    }
  }
  w.bin = b;
  if (b == bin::pool) ++in_pool_;
}

void waiting_queue::settle(std::uint32_t slot) {
  auto& w = waiters_[slot];
  if (w.bin != bin::pool || w.settled) return;
  w.settled = true;
  ++settled_;
  if (pool_.size() <= w.signature) pool_.resize(w.signature + 1);
  pool_[w.signature].insert({w.at, slot});
  if (pool_[w.signature].front().slot == slot) head_changed(w.signature);
}

void waiting_queue::head_changed(std::uint32_t signature) {
  auto& pool = pool_[signature];
  if (heads_.size() <= signature) heads_.resize(pool_.size());
  heads_[signature] = pool.empty() ? place_entry{} : pool.front();
  auto& ranks = line_of(fits_->need_of(signature).weight).heads;
  ranks.set(signature, pool.empty() ? head_ranks::empty : heads_[signature].at.rank);
}

waiting_queue::weight_line& waiting_queue::line_of(int weight) {
  for (auto& line : lines_) {
    if (line.weight == weight) return line;
  }
  if (lines_.size() < max_lines) {
    lines_.emplace_back();
    lines_.back().weight = weight;
    return lines_.back();
  }
  // No line of its own: it goes with the last, whose weight is lowered to what it holds.
  lines_.back().weight = std::min(lines_.back().weight, weight);
  return lines_.back();
}

void waiting_queue::reorder(config::queue_order order) {
  order_ = order;
  std::vector<std::pair<std::uint32_t, bin>> were;
  all_.scan([&](const place_entry& e) {
    were.emplace_back(e.slot, waiters_[e.slot].bin);
    return true;
  });
  for (auto [slot, b] : were) {
    auto what = waiters_[slot].what;
    move_to(slot, bin::none);
    replace(slot, what);
    move_to(slot, b);
  }
}

std::uint32_t waiting_queue::first_head(const node_mask& mask, int room) const {
  std::uint32_t best = nothing;
  auto rank = head_ranks::empty;
  auto look = [&](std::uint32_t signature, std::int64_t its) {
    // The last line may mix weights.
    if (lines_.size() == max_lines && fits_->need_of(signature).weight > room) return;
    if (best != nothing && its == rank && !(heads_[signature].at < heads_[best].at)) return;
    best = signature;
    rank = its;
  };
  for (auto& line : lines_) {
    if (line.weight <= room) line.heads.search(mask, rank, look);
  }
  return best == nothing ? nothing : heads_[best].slot;
}

std::size_t waiting_queue::position_among_equals(std::uint32_t slot) const {
  auto& w = waiters_[slot];
  return w.signature < pool_.size() ? pool_[w.signature].rank({w.at, slot}) : 0;
}

std::optional<timestamp> waiting_queue::oldest() const {
  while (!opened_.empty()) {
    auto& o = opened_.front();
    if (live(o.slot, o.generation) && waiters_[o.slot].what.opened_at == o.at) return o.at;
    std::pop_heap(opened_.begin(), opened_.end(), std::greater<>{});
    opened_.pop_back();
  }
  return {};
}

}  // namespace switchboard::dispatcher
