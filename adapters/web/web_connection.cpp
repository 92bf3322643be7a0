#include "adapters/web/web_connection.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace switchboard::web {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t write_bytes = 64 * 1024;
/// For the other side to be done, so that a reset does not overtake our last answer.
constexpr millis linger_deadline{1'000};

/// Rises over all connections of the process: who waits longest has the smallest.
std::atomic<std::uint64_t> next_wait{1};

void count(web_counters::counter& c) {
  c.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

web_connection::web_connection(std::shared_ptr<web_core> core, asio::ip::tcp::socket socket,
                               std::string address)
    : x_core(std::move(core)),
      x_socket(std::move(socket)),
      x_timer(x_core->io),
      x_address(std::move(address)),
      x_waits_since(next_wait.fetch_add(1, std::memory_order_relaxed)),
      x_reader(x_core->options.limits) {}

void web_connection::start() {
  error_code ignored;
  x_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  x_deadline_runs = true;
  arm(x_core->options.read_deadline);
  read();
}

bool web_connection::may_give_way(steady_clock::time_point now) const {
  if (x_state == state::lingering) return true;
  const bool still = now - x_still_since >= x_core->options.give_way_after;
  return still && (x_state == state::reading || x_state == state::writing);
}

/// Between two requests. What came beyond the last one is looked at first.
void web_connection::await_request() {
  x_state = state::reading;
  x_still_since = steady_clock::now();
  x_waits_since = next_wait.fetch_add(1, std::memory_order_relaxed);
  x_deadline_runs = x_body_deadline_runs = false;
  arm(x_core->options.idle_deadline);
  consider({});
}

void web_connection::read() {
  x_socket.async_read_some(asio::buffer(x_in), [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
    self->on_read(ec, bytes);
  });
}

void web_connection::on_read(const error_code& ec, std::size_t bytes) {
  if (x_state != state::reading) return;
  if (ec) return close();
  consider({x_in, bytes});
}

void web_connection::consider(std::string_view bytes) {
  switch (x_reader.read(bytes)) {
    case request_reader::state::more:
      follow_begun();
      return read();
    case request_reader::state::complete:
      return serve();
    case request_reader::state::bad:
      count(x_core->counters.bad_requests);
      return refuse(x_reader.status(), x_reader.why());
  }
}

/// A deadline begins with a request's first byte, and once more with its body, and not again with each byte.
void web_connection::follow_begun() {
  if (!x_reader.begun()) return;
  if (!std::exchange(x_deadline_runs, true)) arm(x_core->options.read_deadline);
  if (x_reader.header_done() && !std::exchange(x_body_deadline_runs, true))
    arm(x_core->options.read_deadline);
}

void web_connection::serve() {
  count(x_core->counters.requests);
  auto what = x_reader.take();
  what.remote_address = x_address;
  x_framing = {x_reader.keep_alive() && ++x_served < x_core->options.requests_per_connection && !x_core->crowded(),
               what.method == "HEAD", x_reader.version()};
  x_state = state::answering;
  const auto number = ++x_number;
  arm(x_core->options.answer_deadline);
  auto found = x_core->routes.find(what.method, what.path);
  if (!found.call) {
    auto no = plain(found.status, found.status == 404 ? "there is no such page" : "expected " + found.allowed);
    if (!found.allowed.empty()) no.headers.emplace_back("Allow", found.allowed);
    return respond(no);
  }
  auto once = std::make_shared<std::atomic<bool>>(false);
  (*found.call)(what, [me = weak_from_this(), core = x_core, number, once](response r) {
    if (once->exchange(true)) return;
    asio::post(core->io, [me, number, r = std::move(r)]() mutable {
      if (auto self = me.lock()) self->answered(number, std::move(r));
    });
  });
}

/// Nothing more is read here: where one request ends and another begins, nobody knows.
void web_connection::refuse(unsigned status, const std::string& why) {
  x_framing = {false, false, x_reader.version()};
  x_state = state::answering;
  ++x_number;
  respond(plain(status, why));
}

void web_connection::answered(std::uint64_t of, response what) {
  if (x_state == state::answering && of == x_number) respond(what);
}

void web_connection::respond(const response& what) {
  x_out = text_of(what, x_framing);
  x_written = 0;
  x_state = state::writing;
  x_still_since = steady_clock::now();
  x_write_by = steady_clock::now() + x_core->options.whole_answer_deadline;
  write();
}

void web_connection::write() {
  auto left = std::chrono::duration_cast<millis>(x_write_by - steady_clock::now());
  arm(std::clamp(left, millis{0}, x_core->options.write_deadline));
  auto piece = asio::buffer(x_out.data() + x_written, std::min(write_bytes, x_out.size() - x_written));
  x_socket.async_write_some(piece, [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
    self->on_written(ec, bytes);
  });
}

void web_connection::on_written(const error_code& ec, std::size_t bytes) {
  if (x_state != state::writing) return;
  if (ec) return close();
  x_written += bytes;
  x_still_since = steady_clock::now();
  if (x_written < x_out.size()) return write();
  std::string().swap(x_out);
  if (x_framing.keep_alive) return await_request();
  linger();
}

void web_connection::linger() {
  x_state = state::lingering;
  error_code ec;
  x_socket.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  if (ec) return close();
  arm(linger_deadline);
  drain();
}

void web_connection::drain() {
  x_socket.async_read_some(asio::buffer(x_in), [self = shared_from_this()](const error_code& ec, std::size_t) {
    if (self->x_state != state::lingering) return;
    if (ec) return self->close();
    self->drain();
  });
}

void web_connection::arm(millis within) {
  const auto armed = ++x_armed;
  x_timer.expires_after(within);
  x_timer.async_wait([me = weak_from_this(), armed](const error_code& ec) {
    auto self = me.lock();
    if (!ec && self) self->on_time(armed);
  });
}

void web_connection::on_time(std::uint64_t armed) {
  // It was put off while this was on its way.
  if (armed != x_armed) return;
  auto& c = x_core->counters;
  switch (x_state) {
    case state::reading:
      if (!x_deadline_runs) {
        count(c.idle_timeouts);
        return close();
      }
      count(c.read_timeouts);
      // Who said nothing is told nothing.
      return x_reader.begun() ? refuse(408, "the request did not come in time") : close();
    case state::answering:
      count(c.answer_timeouts);
      return refuse(503, "no answer in time");
    case state::writing:
      count(c.write_timeouts);
      return close();
    default:
      return close();
  }
}

void web_connection::close() {
  if (std::exchange(x_state, state::closed) == state::closed) return;
  ++x_armed;
  error_code ignored;
  x_timer.cancel(ignored);
  x_socket.close(ignored);
  auto self = shared_from_this();
  x_core->gone(*this);
}

}  // namespace switchboard::web
