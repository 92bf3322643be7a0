#include "adapters/channel/feed/feed_pump.hpp"

#include <algorithm>

#include "actors/read_model/projection/stored_events.hpp"
#include "actors/session/journal_key.hpp"
#include "actors/session/recalled_message.hpp"
#include "actors/session/session_codec.hpp"
#include "adapters/channel/transport/peer.hpp"
#include "runtime/log/log.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

feed_pump::feed_pump(const store::journal& journal, std::function<void()> wake, feed_limits limits)
    : journal_(journal), wake_(std::move(wake)), limits_(limits), next_(journal.durable() + 1) {}

feed_pump::~feed_pump() = default;

void feed_pump::attach(std::string channel, std::string consumer, feed_cursor after,
                       outbox_ptr out) {
  auto fresh = std::make_unique<line>();
  fresh->channel = std::move(channel);
  fresh->consumer = std::move(consumer);
  fresh->sent = after;
  fresh->out = std::move(out);
  fresh->connection = dynamic_cast<channel::peer*>(fresh->out.get());
  fresh->next = after.at;
  {
    std::lock_guard hold(lock_);
    if (closed_) return;
    orders_.push_back({std::move(fresh), 0});
  }
  wake_();
}

void feed_pump::detach(std::uint64_t outbox) {
  {
    std::lock_guard hold(lock_);
    if (closed_) return;
    orders_.push_back({nullptr, outbox});
  }
  wake_();
}

void feed_pump::close() {
  std::vector<order> dropped;
  std::lock_guard hold(lock_);
  closed_ = true;
  std::swap(dropped, orders_);
}

std::optional<feed_pump::clock::time_point> feed_pump::step(clock::time_point now) {
  // With nobody live there is nothing to read on for: whoever comes reads the past for itself.
  if (live_.empty()) next_ = std::max(next_, journal_.durable() + 1);
  take_orders();
  feed_live();
  auto due = behind_.empty() ? std::nullopt : catch_up(now);
  note_sizes();
  // Asked last: whoever caught up a moment ago is live, and may stand before what is durable,
  // though nobody was live when the live were fed. What becomes durable from here on wakes by
  // itself.
  return live_is_behind() ? now : due;
}

bool feed_pump::live_is_behind() const {
  return !live_.empty() && next_ <= journal_.durable();
}

void feed_pump::take_orders() {
  std::vector<order> orders;
  {
    std::lock_guard hold(lock_);
    std::swap(orders, orders_);
  }
  for (auto& o : orders) {
    if (o.attach) {
      admit(std::move(o.attach));
    } else {
      remove_if([&](const line& l) { return l.out->id() == o.detach; });
    }
  }
}

void feed_pump::admit(line_ptr fresh) {
  remove_if(
      [&](const line& l) { return l.channel == fresh->channel && l.consumer == fresh->consumer; });
  // A line may begin ahead of what has been read: what it is not to get is skipped by its cursor.
  if (fresh->next >= next_) {
    live_[fresh->channel].push_back(std::move(fresh));
  } else {
    behind_.push_back(std::move(fresh));
  }
}

void feed_pump::remove_if(const std::function<bool(const line&)>& gone) {
  std::erase_if(behind_, [&](auto& l) { return gone(*l); });
  for (auto& [channel, all] : live_) std::erase_if(all, [&](auto& l) { return gone(*l); });
  std::erase_if(live_, [](auto& entry) { return entry.second.empty(); });
}

result<store::position> feed_pump::read_on(
    store::position from, std::size_t limit,
    const std::function<bool(const store::placed_record&)>& visit) {
  auto after = journal_.read(from, limit, visit);
  if (after || after.error().detail_name != store::damaged_record) return after;
  counters_.unreadable.fetch_add(1, std::memory_order_relaxed);
  log::error("feed_record_damaged", {{"position", after.error().detail}});
  return static_cast<store::position>(after.error().detail) + 1;
}

void feed_pump::feed_live() {
  if (!live_is_behind()) return;
  auto after = read_on(next_, limits_.live_records, [&](const store::placed_record& r) {
    if (r.body.kind != store::entity_kind::session) return true;
    auto at = live_.find(r.body.channel);
    if (at == live_.end()) return true;
    scratch_.clear();
    for (auto& l : at->second) scratch_.push_back(l.get());
    deliver(r, scratch_.data(), scratch_.size());
    return true;
  });
  // Nothing read of what must be there is as bad as an error: it would be tried for ever.
  if (!after || *after == next_) return lose_live();
  next_ = *after;
  remove_if([](const line& l) { return !l.out->open(); });
}

// One notification for all that are to have it. Answers its bytes, of every event together.
std::size_t feed_pump::deliver(const store::placed_record& r, line* const* to, std::size_t count,
                               bool past) {
  auto session = session_of_journal_key(r.body.key);
  std::size_t bytes = 0, copies = 0;
  feed_cursor here{r.at, 0};
  auto give = [&](const session_codec::stored_event& stored) {
    ++here.index;
    if (!may_see(reader::customer, stored.seen_by)) return;
    std::string frame, hollow;
    auto e = stored;
    if (past && recalled_ && e.kind == projecting::message_kind && recalled_(*session, e.seq)) {
      e.open_part = hollow = recalled_message(e.seq);
    }
    for (auto l = to; l != to + count; ++l) {
      if ((*l)->sent >= here) continue;
      if (frame.empty()) frame = session_codec::feed_notification(*session, e, here.text());
      (*l)->sent = here;
      (*l)->out->notify(r.at, frame);
      bytes += frame.size();
      ++copies;
    }
  };
  if (!session || !session_codec::for_each(r.body.events, give)) {
    counters_.unreadable.fetch_add(1, std::memory_order_relaxed);
  }
  counters_.events.fetch_add(copies, std::memory_order_relaxed);
  counters_.bytes.fetch_add(bytes, std::memory_order_relaxed);
  return bytes;
}

// What lies ahead cannot be read: trimmed before it was, or unsound. Whoever comes back is told.
void feed_pump::lose_live() {
  for (auto& [channel, all] : live_) {
    for (auto& l : all) break_off(*l);
  }
  live_.clear();
}

void feed_pump::break_off(line& lost) {
  counters_.outrun.fetch_add(1, std::memory_order_relaxed);
  if (lost.connection) lost.connection->close(channel::close_reason::by_service);
}

void feed_pump::note_sizes() {
  std::size_t live = 0;
  for (auto& [channel, all] : live_) live += all.size();
  counters_.live.store(live, std::memory_order_relaxed);
  counters_.catching_up.store(behind_.size(), std::memory_order_relaxed);
}

}  // namespace switchboard
