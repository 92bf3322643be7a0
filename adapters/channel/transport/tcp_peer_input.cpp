#include <algorithm>
#include <utility>

#include "adapters/channel/transport/tcp_peer.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::channel {

namespace {
constexpr std::size_t most_read_bytes = 64 * 1024;
constexpr std::size_t least_read_bytes = 4 * 1024;
}  // namespace

void tcp_peer::read() {
  reading_ = true;
  auto into = decoder_.prepare(read_bytes_);
  stream_.read_some(
      boost::asio::buffer(into.data(), into.size()),
      [self = shared_from_this(), room = into.size()](const auto& ec, std::size_t bytes) {
        // A reader that fills its buffer has more to say: fewer, larger reads from now on.
        if (self->authenticated_ && bytes == room) {
          self->read_bytes_ = std::min(most_read_bytes, self->read_bytes_ * 2);
        } else if (bytes * 4 < self->read_bytes_ && self->read_bytes_ > least_read_bytes) {
          self->read_bytes_ /= 2;
        }
        self->on_read(ec, bytes);
      });
}

void tcp_peer::on_read(const boost::system::error_code& ec, std::size_t bytes) {
  reading_ = false;
  if (finished_) return;
  if (lingering_) return ec ? close(why_closed()) : drain_input();
  if (ec) return close(close_reason::by_client);
  decoder_.commit(bytes);
  io_->refresh_now();
  active_at_ = io_->now();
  core_->counters.reads.fetch_add(1, std::memory_order_relaxed);
  core_->counters.bytes_in.fetch_add(bytes, std::memory_order_relaxed);
  pump();
}

void tcp_peer::resume() {
  if (!std::exchange(stopped_, false) || finished_ || lingering_) return;
  pump();
}

// Hands on the messages at hand, then reads on. Stops at a full window with the rest still in the
// buffer.
void tcp_peer::pump() {
  while (open() && why_closed() == close_reason::none) {
    if (must_stop()) return;
    auto next = decoder_.next();
    if (!next) return refuse(next.error());
    if (!*next) {
      follow_partial();
      decoder_.shrink(std::max(read_bytes_, least_read_bytes));
      return read();
    }
    frame_by_ = timestamp::max();
    if (!dispatch(**next)) return;
  }
}

bool tcp_peer::must_stop() {
  auto& counters = core_->counters;
  if (in_flight_ >= window_) {
    counters.window_stops.fetch_add(1, std::memory_order_relaxed);
  } else if (core_->node_full()) {
    counters.node_stops.fetch_add(1, std::memory_order_relaxed);
    io_->starve(shared_from_this());
    core_->starving.store(true, std::memory_order_release);
  } else if (notified_ >= core_->options.notifications_per_second) {
    if (io_->now() - notified_from_ >= millis{1'000}) {
      notified_ = 0;
      notified_from_ = io_->now();
      return false;
    }
    counters.notification_stops.fetch_add(1, std::memory_order_relaxed);
    io_->starve(shared_from_this());
  } else {
    return false;
  }
  stopped_ = true;
  // The rest of a message may wait in the socket because of us, which is not the client's delay.
  frame_by_ = timestamp::max();
  return true;
}

// False when the connection must not be read any further.
bool tcp_peer::dispatch(const codec::frame& f) {
  auto& counters = core_->counters;
  if (f.what == codec::frame::kind::notification) {
    if (io_->now() - notified_from_ >= millis{1'000}) {
      notified_ = 0;
      notified_from_ = io_->now();
    }
    ++notified_;
    counters.notifications_in.fetch_add(1, std::memory_order_relaxed);
    if (f.wrong) {
      // Nobody waits for an answer.
      counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
    core_->service.on_notify(shared_from_this(), f.method, *f.params);
    return true;
  }
  if (f.what == codec::frame::kind::response) {
    refuse({{errc::invalid_argument,
             "expected a request or a notification; the server makes no calls",
             {},
             {},
             0},
            {}});
    return false;
  }
  bool fresh;
  {
    std::lock_guard hold(lock_);
    fresh = calls_.begin(f.msgid, io_->now_ms());
  }
  if (!fresh) {
    refuse({{errc::invalid_argument, "msgid: is in use by a call not yet answered", "msgid", {}, 0},
            f.msgid});
    return false;
  }
  ++in_flight_;
  counters.calls.fetch_add(1, std::memory_order_relaxed);
  counters.in_flight.fetch_add(1, std::memory_order_relaxed);
  arm(io_->now() + core_->live.call_deadline.load());
  if (f.wrong) {
    counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
    fail(f.msgid, 0, *f.wrong);
    return true;
  }
  core_->service.on_call(shared_from_this(), f.msgid, f.method, *f.params);
  return true;
}

void tcp_peer::refuse(const codec::bad_frame& bad) {
  core_->counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
  if (bad.msgid) {
    std::string frame;
    codec::append_failure(frame, *bad.msgid, codec::pack_error(bad.why));
    put(0, frame, {}, nullptr);
  }
  close_after_flush(close_reason::bad_frame);
}

// A message once begun has a deadline, which begins with its first byte and not again with each.
void tcp_peer::follow_partial() {
  if (decoder_.buffered() == 0) {
    frame_by_ = timestamp::max();
  } else if (frame_by_ == timestamp::max()) {
    frame_by_ = io_->now() + core_->live.frame_deadline.load();
    arm(frame_by_);
  }
}

}  // namespace switchboard::channel
