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

/// The kernel lets its own buffer for a reader who does not read grow to megabytes, which no sum of
/// ours would know of.
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
    : id_(next_id.fetch_add(1, std::memory_order_relaxed)),
      core_(std::move(core)),
      io_(std::move(io)),
      address_(std::move(address)),
      user_(local_user_of(socket)),
      stream_(std::move(socket), core_->tls ? &*core_->tls : nullptr),
      decoder_(before_hello(*core_)),
      window_(core_->options.hello_window),
      read_bytes_(1024) {}

tcp_peer::~tcp_peer() = default;

void tcp_peer::start() {
  io_->add(shared_from_this());
  {
    auto drop = [me = weak_from_this()] {
      if (auto self = me.lock()) self->close(close_reason::over_share);
    };
    std::lock_guard hold(lock_);
    held_ = core_->budget->enter(address_, std::move(drop));
  }
  if (core_->options.unix_path.empty()) tune_tcp(stream_.socket());
  io_->refresh_now();
  active_at_ = notified_from_ = io_->now();
  hello_by_ = io_->now() + core_->live.hello_deadline.load();
  started_ = true;
  if (!open()) return finish();
  check_deadlines();
  if (!encrypted()) return read();
  stream_.handshake([self = shared_from_this()](const boost::system::error_code& ec) {
    if (self->finished_) return;
    if (ec) return self->close(close_reason::tls_failed);
    self->read();
  });
}

void tcp_peer::authenticated(std::size_t window, std::string_view token) {
  authenticated_ = true;
  if (!token.empty()) {
    std::lock_guard hold(lock_);
    if (held_) core_->budget->own(*held_, std::string(token));
  }
  read_bytes_ = 4 * 1024;
  auto limits = limits_now(*core_);
  decoder_.limit(limits);
  window_ = window > 0 ? window : core_->live.window.load();
  allowed_ = {limits.message_bytes, limits.depth, window_};
}

void tcp_peer::close(close_reason why) {
  {
    std::lock_guard hold(lock_);
    if (!open_.load(std::memory_order_relaxed)) return;
    why_.store(why, std::memory_order_release);
    open_.store(false, std::memory_order_release);
    lane_.clear();
    count_held();
  }
  io_->post([self = shared_from_this()] { self->finish(); });
}

void tcp_peer::close_after_flush(close_reason why) {
  {
    std::lock_guard hold(lock_);
    if (!open_.load(std::memory_order_relaxed) || sealed_) return;
    why_.store(why, std::memory_order_release);
    sealed_ = true;
  }
  io_->post([self = shared_from_this()] {
    self->flush_by_ = self->io_->now() + self->core_->options.flush_deadline;
    self->arm(self->flush_by_);
    self->release(self->core_->journal.durable());
  });
}

// The end of everything: the socket goes, the service is told once.
void tcp_peer::finish() {
  if (finished_ || !started_) return;
  finished_ = true;
  open_.store(false, std::memory_order_release);
  {
    std::lock_guard hold(lock_);
    lane_.clear();
    calls_ = {};
    if (held_) core_->budget->leave(std::exchange(held_, nullptr));
  }
  core_->answered(std::exchange(in_flight_, 0));
  if (why_.load() == close_reason::slow_reader || why_.load() == close_reason::over_share) {
    // What the kernel still holds for it is as useless as what we held.
    boost::system::error_code ignored;
    stream_.socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
  }
  stream_.close();
  count_end(core_->counters, why_.load());
  core_->forget_address(address_);
  auto self = shared_from_this();
  core_->service.on_close(self);
  attach(nullptr);
  io_->remove(id_);
}

// Closing with bytes unread would send a reset, which may overtake our last answer: so say that we
// are done, then read on blindly until the other side is done too, for a moment only.
void tcp_peer::linger() {
  if (std::exchange(lingering_, true)) return;
  linger_by_ = io_->now() + linger_deadline;
  arm(linger_by_);
  stream_.end_sending([self = shared_from_this()](const boost::system::error_code& ec) {
    if (self->finished_) return;
    if (ec || self->encrypted()) return self->close(self->why_closed());
    if (!self->reading_) self->drain_input();
  });
}

void tcp_peer::drain_input() {
  reading_ = true;
  auto into = decoder_.prepare(1024);
  stream_.read_some(boost::asio::buffer(into.data(), into.size()),
                    [self = shared_from_this()](const boost::system::error_code& ec, std::size_t) {
                      self->reading_ = false;
                      if (self->finished_) return;
                      if (ec) return self->close(self->why_closed());
                      self->drain_input();
                    });
}

void tcp_peer::arm(timestamp when) {
  if (when >= armed_) return;
  armed_ = when;
  io_->arm(id_, when);
}

// All deadlines of a connection share one entry of the wheel, armed for the nearest; one that has
// moved on meanwhile is simply not due yet.
void tcp_peer::check_deadlines() {
  if (finished_) return;
  auto now = io_->now();
  const millis idle = core_->live.idle_deadline;
  armed_ = timestamp::max();
  if (now >= linger_by_ || now >= flush_by_) return close(why_closed());
  // A password that waits to be checked behind others' is no silence of the client's: its call has
  // a deadline of its own.
  const bool silent = !authenticated_ && in_flight_ == 0;
  if (silent && now >= hello_by_) return close(close_reason::hello_timeout);
  if (now >= frame_by_) return close(close_reason::frame_timeout);
  if (now >= write_by_) return close(close_reason::slow_reader);
  auto idle_at = idle.count() > 0 ? active_at_ + idle : timestamp::max();
  if (now >= idle_at && in_flight_ == 0) return close(close_reason::idle);
  auto nearest = std::min(
      {linger_by_, flush_by_, frame_by_, write_by_, std::max(idle_at, now + millis{1'000})});
  if (!authenticated_) nearest = std::min(nearest, std::max(hello_by_, now + millis{100}));
  if (in_flight_ > 0) {
    expire_calls(core_->live.call_deadline);
    std::lock_guard hold(lock_);
    if (auto age = calls_.oldest_age(io_->now_ms()))
      nearest = std::min(nearest, now + core_->live.call_deadline.load() - millis{*age});
  }
  if (nearest != timestamp::max()) arm(nearest);
}

}  // namespace switchboard::channel
