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
  x_reading = true;
  auto into = x_decoder.prepare(x_read_bytes);
  x_stream.read_some(
      boost::asio::buffer(into.data(), into.size()),
      [self = shared_from_this(), room = into.size()](const auto& ec, std::size_t bytes) {
        // A reader that fills its buffer has more to say: fewer, larger reads from now on.
        if (self->x_authenticated && bytes == room) {
          self->x_read_bytes = std::min(most_read_bytes, self->x_read_bytes * 2);
        } else if (bytes * 4 < self->x_read_bytes && self->x_read_bytes > least_read_bytes) {
          self->x_read_bytes /= 2;
        }
        self->on_read(ec, bytes);
      });
}

void tcp_peer::on_read(const boost::system::error_code& ec, std::size_t bytes) {
  x_reading = false;
  if (x_finished) return;
  if (x_lingering) return ec ? close(why_closed()) : drain_input();
  if (ec) return close(close_reason::by_client);
  x_decoder.commit(bytes);
  x_io->refresh_now();
  x_active_at = x_io->now();
  x_core->counters.reads.fetch_add(1, std::memory_order_relaxed);
  x_core->counters.bytes_in.fetch_add(bytes, std::memory_order_relaxed);
  pump();
}

void tcp_peer::resume() {
  if (!std::exchange(x_stopped, false) || x_finished || x_lingering) return;
  pump();
}

// Hands on the messages at hand, then reads on. Stops at a full window with the rest still in the
// buffer.
void tcp_peer::pump() {
  while (open() && why_closed() == close_reason::none) {
    if (must_stop()) return;
    auto next = x_decoder.next();
    if (!next) return refuse(next.error());
    if (!*next) {
      follow_partial();
      x_decoder.shrink(std::max(x_read_bytes, least_read_bytes));
      return read();
    }
    x_frame_by = timestamp::max();
    if (!dispatch(**next)) return;
  }
}

bool tcp_peer::must_stop() {
  auto& counters = x_core->counters;
  if (x_in_flight >= x_window) {
    counters.window_stops.fetch_add(1, std::memory_order_relaxed);
  } else if (x_core->node_full()) {
    counters.node_stops.fetch_add(1, std::memory_order_relaxed);
    x_io->starve(shared_from_this());
    x_core->starving.store(true, std::memory_order_release);
  } else if (x_notified >= x_core->options.notifications_per_second) {
    if (x_io->now() - x_notified_from >= millis{1'000}) {
      x_notified = 0;
      x_notified_from = x_io->now();
      return false;
    }
    counters.notification_stops.fetch_add(1, std::memory_order_relaxed);
    x_io->starve(shared_from_this());
  } else {
    return false;
  }
  x_stopped = true;
  // The rest of a message may wait in the socket because of us, which is not the client's delay.
  x_frame_by = timestamp::max();
  return true;
}

// False when the connection must not be read any further.
bool tcp_peer::dispatch(const codec::frame& f) {
  auto& counters = x_core->counters;
  if (f.what == codec::frame::kind::notification) {
    if (x_io->now() - x_notified_from >= millis{1'000}) {
      x_notified = 0;
      x_notified_from = x_io->now();
    }
    ++x_notified;
    counters.notifications_in.fetch_add(1, std::memory_order_relaxed);
    if (f.wrong) {
      // Nobody waits for an answer.
      counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
    x_core->service.on_notify(shared_from_this(), f.method, *f.params);
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
    std::lock_guard hold(x_lock);
    fresh = x_calls.begin(f.msgid, x_io->now_ms());
  }
  if (!fresh) {
    refuse({{errc::invalid_argument, "msgid: is in use by a call not yet answered", "msgid", {}, 0},
            f.msgid});
    return false;
  }
  ++x_in_flight;
  counters.calls.fetch_add(1, std::memory_order_relaxed);
  counters.in_flight.fetch_add(1, std::memory_order_relaxed);
  arm(x_io->now() + x_core->live.call_deadline.load());
  if (f.wrong) {
    counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
    fail(f.msgid, 0, *f.wrong);
    return true;
  }
  x_core->service.on_call(shared_from_this(), f.msgid, f.method, *f.params);
  return true;
}

void tcp_peer::refuse(const codec::bad_frame& bad) {
  x_core->counters.bad_frames.fetch_add(1, std::memory_order_relaxed);
  if (bad.msgid) {
    std::string frame;
    codec::append_failure(frame, *bad.msgid, codec::pack_error(bad.why));
    put(0, frame, {}, nullptr);
  }
  close_after_flush(close_reason::bad_frame);
}

// A message once begun has a deadline, which begins with its first byte and not again with each.
void tcp_peer::follow_partial() {
  if (x_decoder.buffered() == 0) {
    x_frame_by = timestamp::max();
  } else if (x_frame_by == timestamp::max()) {
    x_frame_by = x_io->now() + x_core->live.frame_deadline.load();
    arm(x_frame_by);
  }
}

}  // namespace switchboard::channel
