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
    : core_(std::move(core)),
      socket_(std::move(socket)),
      timer_(core_->io),
      address_(std::move(address)),
      waits_since_(next_wait.fetch_add(1, std::memory_order_relaxed)),
      reader_(core_->options.limits) {}

void web_connection::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  deadline_runs_ = true;
  arm(core_->options.read_deadline);
  read();
}

bool web_connection::may_give_way(steady_clock::time_point now) const {
  if (state_ == state::lingering) return true;
  const bool still = now - still_since_ >= core_->options.give_way_after;
  return still && (state_ == state::reading || state_ == state::writing);
}

/// Between two requests. What came beyond the last one is looked at first.
void web_connection::await_request() {
  state_ = state::reading;
  still_since_ = steady_clock::now();
  waits_since_ = next_wait.fetch_add(1, std::memory_order_relaxed);
  deadline_runs_ = body_deadline_runs_ = false;
  arm(core_->options.idle_deadline);
  consider({});
}

void web_connection::read() {
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
                            self->on_read(ec, bytes);
                          });
}

void web_connection::on_read(const error_code& ec, std::size_t bytes) {
  if (state_ != state::reading) return;
  if (ec) return close();
  consider({in_, bytes});
}

void web_connection::consider(std::string_view bytes) {
  switch (reader_.read(bytes)) {
    case request_reader::state::more:
      follow_begun();
      return read();
    case request_reader::state::complete:
      return serve();
    case request_reader::state::bad:
      count(core_->counters.bad_requests);
      return refuse(reader_.status(), reader_.why());
  }
}

/// A deadline begins with a request's first byte, and once more with its body, and not again with
/// each byte.
void web_connection::follow_begun() {
  if (!reader_.begun()) return;
  if (!std::exchange(deadline_runs_, true)) arm(core_->options.read_deadline);
  if (reader_.header_done() && !std::exchange(body_deadline_runs_, true))
    arm(core_->options.read_deadline);
}

void web_connection::serve() {
  count(core_->counters.requests);
  auto what = reader_.take();
  what.remote_address = address_;
  framing_ = {reader_.keep_alive() && ++served_ < core_->options.requests_per_connection &&
                  !core_->crowded(),
              what.method == "HEAD", reader_.version()};
  state_ = state::answering;
  const auto number = ++number_;
  arm(core_->options.answer_deadline);
  auto found = core_->routes.find(what.method, what.path);
  if (!found.call) {
    auto no = plain(found.status,
                    found.status == 404 ? "there is no such page" : "expected " + found.allowed);
    if (!found.allowed.empty()) no.headers.emplace_back("Allow", found.allowed);
    return respond(no);
  }
  auto once = std::make_shared<std::atomic<bool>>(false);
  (*found.call)(what, [me = weak_from_this(), core = core_, number, once](response r) {
    if (once->exchange(true)) return;
    asio::post(core->io, [me, number, r = std::move(r)]() mutable {
      if (auto self = me.lock()) self->answered(number, std::move(r));
    });
  });
}

/// Nothing more is read here: where one request ends and another begins, nobody knows.
void web_connection::refuse(unsigned status, const std::string& why) {
  framing_ = {false, false, reader_.version()};
  state_ = state::answering;
  ++number_;
  respond(plain(status, why));
}

void web_connection::answered(std::uint64_t of, response what) {
  if (state_ == state::answering && of == number_) respond(what);
}

void web_connection::respond(const response& what) {
  out_ = text_of(what, framing_);
  written_ = 0;
  state_ = state::writing;
  still_since_ = steady_clock::now();
  write_by_ = steady_clock::now() + core_->options.whole_answer_deadline;
  write();
}

void web_connection::write() {
  auto left = std::chrono::duration_cast<millis>(write_by_ - steady_clock::now());
  arm(std::clamp(left, millis{0}, core_->options.write_deadline));
  auto piece = asio::buffer(out_.data() + written_, std::min(write_bytes, out_.size() - written_));
  socket_.async_write_some(piece,
                           [self = shared_from_this()](const error_code& ec, std::size_t bytes) {
                             self->on_written(ec, bytes);
                           });
}

void web_connection::on_written(const error_code& ec, std::size_t bytes) {
  if (state_ != state::writing) return;
  if (ec) return close();
  written_ += bytes;
  still_since_ = steady_clock::now();
  if (written_ < out_.size()) return write();
  std::string().swap(out_);
  if (framing_.keep_alive) return await_request();
  linger();
}

void web_connection::linger() {
  state_ = state::lingering;
  error_code ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  if (ec) return close();
  arm(linger_deadline);
  drain();
}

void web_connection::drain() {
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](const error_code& ec, std::size_t) {
                            if (self->state_ != state::lingering) return;
                            if (ec) return self->close();
                            self->drain();
                          });
}

void web_connection::arm(millis within) {
  const auto armed = ++armed_;
  timer_.expires_after(within);
  timer_.async_wait([me = weak_from_this(), armed](const error_code& ec) {
    auto self = me.lock();
    if (!ec && self) self->on_time(armed);
  });
}

void web_connection::on_time(std::uint64_t armed) {
  // It was put off while this was on its way.
  if (armed != armed_) return;
  auto& c = core_->counters;
  switch (state_) {
    case state::reading:
      if (!deadline_runs_) {
        count(c.idle_timeouts);
        return close();
      }
      count(c.read_timeouts);
      // Who said nothing is told nothing.
      return reader_.begun() ? refuse(408, "the request did not come in time") : close();
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
  if (std::exchange(state_, state::closed) == state::closed) return;
  ++armed_;
  error_code ignored;
  timer_.cancel(ignored);
  socket_.close(ignored);
  auto self = shared_from_this();
  core_->gone(*this);
}

}  // namespace switchboard::web
