#include <algorithm>

#include "adapters/channel/feed/feed_pump.hpp"
#include "adapters/channel/transport/peer.hpp"

namespace switchboard {

// One slice for whoever is first in line, who then stands at the end; so that live events never
// wait for more than that.
std::optional<feed_pump::clock::time_point> feed_pump::catch_up(clock::time_point now) {
  if (now >= round_ends_) {
    round_ends_ = now + limits_.round;
    round_bytes_ = limits_.round_bytes;
    round_records_ = limits_.round_records;
  }
  if (round_bytes_ == 0 || round_records_ == 0) return round_ends_;
  for (auto tries = behind_.size(); tries > 0; --tries) {
    auto first = std::move(behind_.front());
    behind_.pop_front();
    if (!first->out->open()) continue;
    if (first->connection && first->connection->unread_bytes() >= limits_.unread_bytes) {
      behind_.push_back(std::move(first));
      continue;
    }
    if (!feed_slice(*first)) {
      break_off(*first);
    } else if (first->next >= next_) {
      live_[first->channel].push_back(std::move(first));
    } else {
      behind_.push_back(std::move(first));
    }
    return behind_.empty() ? std::nullopt : std::optional(now);
  }
  return behind_.empty() ? std::nullopt : std::optional(round_ends_);
}

// Reads up to where the live lines are and no further. False when its place is no longer there.
bool feed_pump::feed_slice(line& behind) {
  auto most = std::min<store::position>(
      {limits_.slice_records, round_records_, next_ > behind.next ? next_ - behind.next : 0});
  if (most == 0) return true;
  std::size_t bytes = 0;
  auto from = behind.next;
  auto slice = std::min(limits_.slice_bytes, round_bytes_);
  auto* only = &behind;
  auto after = read_on(from, most, [&](const store::placed_record& r) {
    if (r.body.kind == store::entity_kind::session && r.body.channel == behind.channel)
      bytes += deliver(r, &only, 1, true);
    return bytes < slice;
  });
  // Nothing read of what must be there is as bad as an error: it would be tried for ever.
  if (!after || *after == from) return false;
  behind.next = *after;
  round_bytes_ -= std::min(round_bytes_, bytes);
  round_records_ -= std::min<std::size_t>(round_records_, *after - from);
  return true;
}

}  // namespace switchboard
