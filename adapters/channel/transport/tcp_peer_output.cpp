#include <utility>

#include "adapters/channel/transport/tcp_peer.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::channel {

namespace {
// One write: large enough to gather many frames, small enough that the write deadline means no
// progress.
constexpr std::size_t write_bytes = 256 * 1024;
// Kept between writes; what a burst needed beyond it goes back.
constexpr std::size_t kept_bytes = 16 * 1024;
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
    std::lock_guard hold(x_lock);
    if (!x_open.load(std::memory_order_relaxed) || x_sealed) return;
    if (answers && x_calls.end(*answers) != call_table::answer::due) {
      x_core->counters.late_answers.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    if (has_room(head.size() + body.size())) {
      list = refuses ? x_lane.put_at_once(head) : x_lane.put(after, head, body, answers != nullptr);
      after = x_lane.waits_for();
    }
    crowded = count_held();
  }
  if (crowded) x_core->budget->relieve();
  if (list) x_io->outputs().list(shared_from_this(), after);
}

// Under the lock. False, and the connection is as good as closed, when its reader is too far
// behind.
bool tcp_peer::has_room(std::size_t bytes) {
  auto held = x_lane.bytes();
  if (held + bytes <= x_core->live.output_bytes || held == 0) return true;
  x_why.store(close_reason::slow_reader, std::memory_order_release);
  x_open.store(false, std::memory_order_release);
  x_lane.clear();
  x_io->post([self = shared_from_this()] { self->finish(); });
  return false;
}

/// Under the lock, after each change. True where `relieve` is due.
bool tcp_peer::count_held() {
  return x_held && x_core->budget->hold(*x_held, x_lane.bytes());
}

std::size_t tcp_peer::unread_bytes() const {
  std::lock_guard hold(x_lock);
  return x_lane.bytes();
}

void tcp_peer::release(store::position durable) {
  if (x_finished) return;
  store::position waits_for = 0;
  auto next = output_lane::next::nothing;
  bool over = false;
  {
    std::lock_guard hold(x_lock);
    next = x_lane.release(durable, write_bytes, x_out, x_out_holds);
    waits_for = x_lane.waits_for();
    over = x_sealed && !x_lane.writing() && x_lane.empty();
  }
  if (next == output_lane::next::write) return write();
  if (next == output_lane::next::list) return x_io->outputs().list(shared_from_this(), waits_for);
  if (over) linger();
}

void tcp_peer::write() {
  x_write_by = x_io->now() + x_core->options.write_deadline;
  arm(x_write_by);
  x_stream.write(boost::asio::buffer(x_out),
                 [self = shared_from_this()](const auto& ec, std::size_t bytes) {
                   self->on_written(ec, bytes);
                 });
}

void tcp_peer::on_written(const boost::system::error_code& ec, std::size_t bytes) {
  x_write_by = timestamp::max();
  auto left = std::exchange(x_out_holds, {});
  if (x_finished) return;
  if (ec) return close(close_reason::by_client);
  x_active_at = x_io->now();
  auto& counters = x_core->counters;
  counters.writes.fetch_add(1, std::memory_order_relaxed);
  counters.bytes_out.fetch_add(bytes, std::memory_order_relaxed);
  counters.frames_out.fetch_add(left.frames, std::memory_order_relaxed);
  x_out.clear();
  if (x_out.capacity() > kept_bytes) std::string().swap(x_out);
  x_in_flight -= left.replies;
  x_core->answered(left.replies);
  {
    std::lock_guard hold(x_lock);
    x_lane.written();
    count_held();
  }
  release(x_core->journal.durable());
  if (x_stopped && x_in_flight * 4 <= x_window * 3) resume();
}

// The client hears in time; the call itself may still be on its way through the actors.
void tcp_peer::expire_calls() {
  std::vector<std::uint32_t> late;
  bool list = false, crowded = false;
  {
    std::lock_guard hold(x_lock);
    auto age = static_cast<std::uint32_t>(x_core->live.call_deadline.load().count());
    x_calls.expire(x_io->now_ms(), age, late);
    error why{
        errc::deadline_exceeded, "no answer within " + std::to_string(age) + " ms", {}, {}, 0};
    auto packed = codec::pack_error(why);
    for (auto msgid : late) {
      std::string frame;
      codec::append_failure(frame, msgid, packed);
      if (!has_room(frame.size())) break;
      list = x_lane.put_at_once(frame) || list;
    }
    crowded = count_held();
    list = list && open();
  }
  if (crowded) x_core->budget->relieve();
  x_core->counters.call_timeouts.fetch_add(late.size(), std::memory_order_relaxed);
  if (list) x_io->outputs().list(shared_from_this(), 0);
}

}  // namespace switchboard::channel
