#include "adapters/channel/transport/tcp_peer.hpp"

#include <algorithm>
#include <netinet/tcp.h>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include "adapters/channel/transport/listener.hpp"

namespace switchboard::channel {

namespace {

std::atomic<std::uint64_t> next_id{1};

// What a connection may send while we wait for it to have read its last answer.
constexpr millis linger_deadline{1'000};

void count_end(transport_counters& c, close_reason why) {
  c.closed.fetch_add(1, std::memory_order_relaxed);
  c.connections_open.fetch_sub(1, std::memory_order_relaxed);
  auto one = [](transport_counters::counter& n) { n.fetch_add(1, std::memory_order_relaxed); };
  switch (why) {
    case close_reason::slow_reader:
      return one(c.slow_readers);
    case close_reason::over_share:
      return one(c.over_share);
    case close_reason::hello_timeout:
      return one(c.hello_timeouts);
    case close_reason::frame_timeout:
      return one(c.frame_timeouts);
    case close_reason::idle:
      return one(c.idle_timeouts);
    case close_reason::tls_failed:
      return one(c.tls_failures);
    default:
      return;
  }
}

/// The kernel lets its own buffer for a reader who does not read grow to megabytes, which no sum of ours would know of.
constexpr int kernel_send_bytes = 256 * 1024;

void tune_tcp(byte_stream::stream_socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::send_buffer_size(kernel_send_bytes), ignored);
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  // A peer whose machine vanished is noticed within about a minute and a half.
  auto set = [fd = socket.native_handle()](int name, int value) {
    ::setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, 60);
  set(TCP_KEEPINTVL, 10);
  set(TCP_KEEPCNT, 3);
}

codec::frame_limits limits_now(const transport_core& core) {
  auto limits = core.options.limits;
  limits.message_bytes = core.live.message_bytes;
  limits.depth = core.live.depth;
  return limits;
}

codec::frame_limits before_hello(const transport_core& core) {
  auto limits = limits_now(core);
  limits.message_bytes = std::min(limits.message_bytes, core.options.hello_message_bytes);
  return limits;
}

}  // namespace

tcp_peer::tcp_peer(std::shared_ptr<transport_core> core, std::shared_ptr<io_thread> io,
                   byte_stream::stream_socket socket, std::string address)
    : x_id(next_id.fetch_add(1, std::memory_order_relaxed)),
      x_core(std::move(core)),
      x_io(std::move(io)),
      x_address(std::move(address)),
      x_user(local_user_of(socket)),
      x_stream(std::move(socket), x_core->tls ? &*x_core->tls : nullptr),
      x_decoder(before_hello(*x_core)),
      x_window(x_core->options.hello_window),
      x_read_bytes(1024) {}

tcp_peer::~tcp_peer() = default;

void tcp_peer::start() {
  x_io->add(shared_from_this());
  {
    auto drop = [me = weak_from_this()] {
      if (auto self = me.lock()) self->close(close_reason::over_share);
    };
    std::lock_guard hold(x_lock);
    x_held = x_core->budget->enter(x_address, std::move(drop));
  }
  if (x_core->options.unix_path.empty()) tune_tcp(x_stream.socket());
  x_io->refresh_now();
  x_active_at = x_notified_from = x_io->now();
  x_hello_by = x_io->now() + x_core->live.hello_deadline.load();
  x_started = true;
  if (!open()) return finish();
  check_deadlines();
  if (!encrypted()) return read();
  greet();
}

void tcp_peer::greet() {
  x_stream.handshake([self = shared_from_this()](const boost::system::error_code& ec) {
    if (self->x_finished) return;
    if (ec) return self->close(close_reason::tls_failed);
    self->read();
  });
}

void tcp_peer::authenticated(std::size_t window, std::string_view token) {
  x_authenticated = true;
  if (!token.empty()) {
    std::lock_guard hold(x_lock);
    if (x_held) x_core->budget->own(*x_held, std::string(token));
  }
  x_read_bytes = 4 * 1024;
  auto limits = limits_now(*x_core);
  x_decoder.limit(limits);
  x_window = window > 0 ? window : x_core->live.window.load();
  x_allowed = {limits.message_bytes, limits.depth, x_window};
}

void tcp_peer::close(close_reason why) {
  {
    std::lock_guard hold(x_lock);
    if (!x_open.load(std::memory_order_relaxed)) return;
    x_why.store(why, std::memory_order_release);
    x_open.store(false, std::memory_order_release);
    x_lane.clear();
    count_held();
  }
  x_io->post([self = shared_from_this()] { self->finish(); });
}

void tcp_peer::close_after_flush(close_reason why) {
  {
    std::lock_guard hold(x_lock);
    if (!x_open.load(std::memory_order_relaxed) || x_sealed) return;
    x_why.store(why, std::memory_order_release);
    x_sealed = true;
  }
  x_io->post([self = shared_from_this()] {
    self->x_flush_by = self->x_io->now() + self->x_core->options.flush_deadline;
    self->arm(self->x_flush_by);
    self->release(self->x_core->journal.durable());
  });
}

// The end of everything: the socket goes, the service is told once.
void tcp_peer::finish() {
  if (x_finished || !x_started) return;
  x_finished = true;
  x_open.store(false, std::memory_order_release);
  {
    std::lock_guard hold(x_lock);
    x_lane.clear();
    x_calls = {};
    if (x_held) x_core->budget->leave(std::exchange(x_held, nullptr));
  }
  x_core->answered(std::exchange(x_in_flight, 0));
  if (x_why.load() == close_reason::slow_reader || x_why.load() == close_reason::over_share) {
    // What the kernel still holds for it is as useless as what we held.
    boost::system::error_code ignored;
    x_stream.socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
  }
  x_stream.close();
  count_end(x_core->counters, x_why.load());
  x_core->forget_address(x_address);
  auto self = shared_from_this();
  x_core->service.on_close(self);
  attach(nullptr);
  x_io->remove(x_id);
}

// Closing with bytes unread would send a reset, which may overtake our last answer: so say that we
// are done, then read on blindly until the other side is done too, for a moment only.
void tcp_peer::linger() {
  if (std::exchange(x_lingering, true)) return;
  x_linger_by = x_io->now() + linger_deadline;
  arm(x_linger_by);
  x_stream.end_sending([self = shared_from_this()](const boost::system::error_code& ec) {
    if (self->x_finished) return;
    if (ec || self->encrypted()) return self->close(self->why_closed());
    if (!self->x_reading) self->drain_input();
  });
}

void tcp_peer::drain_input() {
  x_reading = true;
  auto into = x_decoder.prepare(1024);
  x_stream.read_some(boost::asio::buffer(into.data(), into.size()),
                     [self = shared_from_this()](const boost::system::error_code& ec, std::size_t) {
                       self->x_reading = false;
                       if (self->x_finished) return;
                       if (ec) return self->close(self->why_closed());
                       self->drain_input();
                     });
}

void tcp_peer::arm(timestamp when) {
  if (when >= x_armed) return;
  x_armed = when;
  x_io->arm(x_id, when);
}

// All deadlines of a connection share one entry of the wheel, armed for the nearest; one that has
// moved on meanwhile is simply not due yet.
void tcp_peer::check_deadlines() {
  if (x_finished) return;
  auto now = x_io->now();
  const millis idle = x_core->live.idle_deadline;
  x_armed = timestamp::max();
  if (now >= x_linger_by || now >= x_flush_by) return close(why_closed());
  // A password that waits to be checked behind others' is no silence of the client's: its call has a
  // deadline of its own.
  const bool silent = !x_authenticated && x_in_flight == 0;
  if (silent && now >= x_hello_by) return close(close_reason::hello_timeout);
  if (now >= x_frame_by) return close(close_reason::frame_timeout);
  if (now >= x_write_by) return close(close_reason::slow_reader);
  auto idle_at = idle.count() > 0 ? x_active_at + idle : timestamp::max();
  if (now >= idle_at && x_in_flight == 0) return close(close_reason::idle);
  auto nearest = std::min(
      {x_linger_by, x_flush_by, x_frame_by, x_write_by, std::max(idle_at, now + millis{1'000})});
  if (!x_authenticated) nearest = std::min(nearest, std::max(x_hello_by, now + millis{100}));
  if (x_in_flight > 0) {
    expire_calls();
    std::lock_guard hold(x_lock);
    if (auto age = x_calls.oldest_age(x_io->now_ms()))
      nearest = std::min(nearest, now + x_core->live.call_deadline.load() - millis{*age});
  }
  if (nearest != timestamp::max()) arm(nearest);
}

}  // namespace switchboard::channel
