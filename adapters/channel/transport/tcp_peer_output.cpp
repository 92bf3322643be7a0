#include <algorithm>
#include <utility>

#include "adapters/channel/transport/tcp_peer.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::channel {

namespace {
// One write: large enough to gather many frames, small enough that the write deadline means no
// progress.
constexpr std::size_t write_bytes = 256 * 1024;

/// Under the lock. Of what the journal does not have yet nothing may be said, not even that it is
/// done: it may become durable when the journal goes on, and its key is answered then.
bool put_past_what_waits(output_lane& lane, const transport_core& core, store::position after,
                         std::uint32_t msgid, std::string_view head, std::string_view body) {
  if (after <= core.journal.durable()) return lane.put_at_once(head, body);
  auto why = core.gate->answers().reason;
  if (why.empty()) why = "the journal stood still";
  why += "; what was asked may be done when it goes on: ask again, under the same key";
  std::string frame;
  codec::append_failure(frame, msgid, codec::pack_error({errc::unavailable, why, {}, {}, 0}));
  return lane.put_at_once(frame);
}

}  // namespace

void tcp_peer::reply(std::uint32_t msgid, store::position after, std::string packed) {
  std::string head;
  codec::begin_result(head, msgid);
  put(after, head, packed, &msgid);
}

void tcp_peer::fail(std::uint32_t msgid, store::position after, const error& why) {
  std::string frame;
  codec::append_failure(frame, msgid, codec::pack_error(why));
  put(after, frame, {}, &msgid, after == 0);
}

void tcp_peer::notify(store::position after, std::string frame) {
  put(after, frame, {}, nullptr);
}

// Any thread. Lists the peer at the gate where its output begins to wait and nothing else will look
// after it.
void tcp_peer::put(store::position after, std::string_view head, std::string_view body,
                   const std::uint32_t* answers, bool refuses) {
  bool list = false, crowded = false;
  {
    std::lock_guard hold(lock_);
    if (!open_.load(std::memory_order_relaxed) || sealed_) return;
    if (answers && calls_.end(*answers) != call_table::answer::due) {
      core_->counters.late_answers.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    if (has_room(head.size() + body.size())) {
      const bool waits = after > core_->journal.durable() || lane_.holds_any();
      list = refuses ? lane_.put_at_once(head)
             : answers && waits && core_->stands_still()
                 ? put_past_what_waits(lane_, *core_, after, *answers, head, body)
                 : lane_.put(after, head, body, answers);
      after = lane_.waits_for();
    }
    crowded = count_held();
  }
  if (crowded) core_->budget->relieve();
  if (list) io_->outputs().list(shared_from_this(), after);
}

void tcp_peer::answer_what_waits() {
  if (finished_) return;
  // What is not answered yet may wait for the same disk. On the local socket some calls take long.
  constexpr millis patience{5'000};
  if (in_flight_ > 0 && core_->options.unix_path.empty()) expire_calls(patience);
  bool list = false;
  {
    std::lock_guard hold(lock_);
    if (!lane_.holds_any()) return;
    for (auto& a : lane_.take_answers())
      list = put_past_what_waits(lane_, *core_, a.after, a.msgid, a.frame, {}) || list;
    count_held();
  }
  if (list) io_->outputs().list(shared_from_this(), 0);
}

// Under the lock. False, and the connection is as good as closed, when its reader is too far
// behind.
bool tcp_peer::has_room(std::size_t bytes) {
  auto held = lane_.bytes();
  if (held + bytes <= core_->live.output_bytes || held == 0) return true;
  why_.store(close_reason::slow_reader, std::memory_order_release);
  open_.store(false, std::memory_order_release);
  lane_.clear();
  io_->post([self = shared_from_this()] { self->finish(); });
  return false;
}

/// Under the lock, after each change. True where `relieve` is due.
bool tcp_peer::count_held() {
  return held_ && core_->budget->hold(*held_, lane_.bytes());
}

std::size_t tcp_peer::unread_bytes() const {
  std::lock_guard hold(lock_);
  return lane_.bytes();
}

void tcp_peer::release(store::position durable) {
  if (finished_) return;
  store::position waits_for = 0;
  auto next = output_lane::next::nothing;
  bool over = false;
  {
    std::lock_guard hold(lock_);
    next = lane_.release(durable, write_bytes, out_, out_holds_);
    waits_for = lane_.waits_for();
    over = sealed_ && !lane_.writing() && lane_.empty();
  }
  if (next == output_lane::next::write) return write();
  if (next == output_lane::next::list) return io_->outputs().list(shared_from_this(), waits_for);
  if (over) linger();
}

void tcp_peer::write() {
  write_by_ = io_->now() + core_->options.write_deadline;
  arm(write_by_);
  stream_.write(boost::asio::buffer(out_),
                [self = shared_from_this()](const auto& ec, std::size_t bytes) {
                  self->on_written(ec, bytes);
                });
}

void tcp_peer::on_written(const boost::system::error_code& ec, std::size_t bytes) {
  write_by_ = timestamp::max();
  auto left = std::exchange(out_holds_, {});
  if (finished_) return;
  if (ec) return close(close_reason::by_client);
  active_at_ = io_->now();
  auto& counters = core_->counters;
  counters.writes.fetch_add(1, std::memory_order_relaxed);
  counters.bytes_out.fetch_add(bytes, std::memory_order_relaxed);
  counters.frames_out.fetch_add(left.frames, std::memory_order_relaxed);
  out_.clear();
  if (out_.capacity() > kept_bytes) std::string().swap(out_);
  in_flight_ -= left.replies;
  core_->answered(left.replies);
  {
    std::lock_guard hold(lock_);
    lane_.written();
    count_held();
  }
  release(core_->journal.durable());
  if (stopped_ && in_flight_ * 4 <= window_ * 3) resume();
}

// The client hears in time; the call itself may still be on its way through the actors.
void tcp_peer::expire_calls(millis after) {
  std::vector<std::uint32_t> late;
  bool list = false, crowded = false;
  {
    std::lock_guard hold(lock_);
    auto age =
        static_cast<std::uint32_t>(std::min(after, core_->live.call_deadline.load()).count());
    calls_.expire(io_->now_ms(), age, late);
    error why{
        errc::deadline_exceeded, "no answer within " + std::to_string(age) + " ms", {}, {}, 0};
    auto packed = codec::pack_error(why);
    for (auto msgid : late) {
      std::string frame;
      codec::append_failure(frame, msgid, packed);
      if (!has_room(frame.size())) break;
      list = lane_.put_at_once(frame) || list;
    }
    crowded = count_held();
    list = list && open();
  }
  if (crowded) core_->budget->relieve();
  core_->counters.call_timeouts.fetch_add(late.size(), std::memory_order_relaxed);
  if (list) io_->outputs().list(shared_from_this(), 0);
}

}  // namespace switchboard::channel
