#include "adapters/channel/transport/call_table.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::channel {

// The slot of msgid, or the free slot where it would go.
std::size_t call_table::find(std::uint32_t msgid) const {
  auto at = home(msgid);
  while (slots_[at].is != state::free && slots_[at].msgid != msgid)
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

bool call_table::begin(std::uint32_t msgid, std::uint32_t now_ms) {
  if (used_ * 2 >= slots_.size()) rebuild(std::max<std::size_t>(16, slots_.size() * 2), true);
  auto& s = slots_[find(msgid)];
  if (s.is != state::free) return false;
  s = {msgid, now_ms, state::awaiting};
  ++used_;
  ++awaiting_;
  return true;
}

call_table::answer call_table::end(std::uint32_t msgid) {
  if (used_ == 0) return answer::unknown;
  auto at = find(msgid);
  auto was = slots_[at].is;
  if (was == state::free) return answer::unknown;
  if (was == state::awaiting) --awaiting_;
  erase(at);
  return was == state::awaiting ? answer::due : answer::late;
}

// Deletion without tombstones: later members of the run move up into the gap (Knuth 6.4, algorithm
// R).
void call_table::erase(std::size_t gap) {
  auto mask = slots_.size() - 1;
  for (auto at = (gap + 1) & mask; slots_[at].is != state::free; at = (at + 1) & mask) {
    auto wanted = home(slots_[at].msgid);
    if (((at - wanted) & mask) >= ((at - gap) & mask)) {
      slots_[gap] = slots_[at];
      gap = at;
    }
  }
  slots_[gap].is = state::free;
  --used_;
}

void call_table::expire(std::uint32_t now_ms, std::uint32_t age_ms,
                        std::vector<std::uint32_t>& expired_now) {
  for (auto& s : slots_) {
    if (s.is != state::awaiting || now_ms - s.began_ms < age_ms) continue;
    s.is = state::expired;
    --awaiting_;
    expired_now.push_back(s.msgid);
  }
  if (expired() > most_expired) rebuild(slots_.size(), false);
}

std::optional<std::uint32_t> call_table::oldest_age(std::uint32_t now_ms) const {
  std::optional<std::uint32_t> oldest;
  if (awaiting_ == 0) return oldest;
  for (auto& s : slots_) {
    if (s.is == state::awaiting) oldest = std::max(oldest.value_or(0), now_ms - s.began_ms);
  }
  return oldest;
}

void call_table::rebuild(std::size_t capacity, bool with_expired) {
  auto old = std::exchange(slots_, std::vector<slot>(capacity));
  used_ = 0;
  for (auto& s : old) {
    if (s.is == state::free || (s.is == state::expired && !with_expired)) continue;
    slots_[find(s.msgid)] = s;
    ++used_;
  }
}

}  // namespace switchboard::channel
