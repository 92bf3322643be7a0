#include "adapters/channel/transport/call_table.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::channel {

// The slot of msgid, or the free slot where it would go.
std::size_t call_table::find(std::uint32_t msgid) const {
  auto at = home(msgid);
  while (x_slots[at].is != state::free && x_slots[at].msgid != msgid)
    at = (at + 1) & (x_slots.size() - 1);
  return at;
}

bool call_table::begin(std::uint32_t msgid, std::uint32_t now_ms) {
  if (x_used * 2 >= x_slots.size()) rebuild(std::max<std::size_t>(16, x_slots.size() * 2), true);
  auto& s = x_slots[find(msgid)];
  if (s.is != state::free) return false;
  s = {msgid, now_ms, state::awaiting};
  ++x_used;
  ++x_awaiting;
  return true;
}

call_table::answer call_table::end(std::uint32_t msgid) {
  if (x_used == 0) return answer::unknown;
  auto at = find(msgid);
  auto was = x_slots[at].is;
  if (was == state::free) return answer::unknown;
  if (was == state::awaiting) --x_awaiting;
  erase(at);
  return was == state::awaiting ? answer::due : answer::late;
}

// Deletion without tombstones: later members of the run move up into the gap (Knuth 6.4, algorithm
// R).
void call_table::erase(std::size_t gap) {
  auto mask = x_slots.size() - 1;
  for (auto at = (gap + 1) & mask; x_slots[at].is != state::free; at = (at + 1) & mask) {
    auto wanted = home(x_slots[at].msgid);
    if (((at - wanted) & mask) >= ((at - gap) & mask)) {
      x_slots[gap] = x_slots[at];
      gap = at;
    }
  }
  x_slots[gap].is = state::free;
  --x_used;
}

void call_table::expire(std::uint32_t now_ms, std::uint32_t age_ms,
                        std::vector<std::uint32_t>& expired_now) {
  for (auto& s : x_slots) {
    if (s.is != state::awaiting || now_ms - s.began_ms < age_ms) continue;
    s.is = state::expired;
    --x_awaiting;
    expired_now.push_back(s.msgid);
  }
  if (expired() > most_expired) rebuild(x_slots.size(), false);
}

std::optional<std::uint32_t> call_table::oldest_age(std::uint32_t now_ms) const {
  std::optional<std::uint32_t> oldest;
  if (x_awaiting == 0) return oldest;
  for (auto& s : x_slots) {
    if (s.is == state::awaiting) oldest = std::max(oldest.value_or(0), now_ms - s.began_ms);
  }
  return oldest;
}

void call_table::rebuild(std::size_t capacity, bool with_expired) {
  auto old = std::exchange(x_slots, std::vector<slot>(capacity));
  x_used = 0;
  for (auto& s : old) {
    if (s.is == state::free || (s.is == state::expired && !with_expired)) continue;
    x_slots[find(s.msgid)] = s;
    ++x_used;
  }
}

}  // namespace switchboard::channel
