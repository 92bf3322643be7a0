#include "adapters/client/client_connection.hpp"

#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <msgpack.hpp>

#include "runtime/codec/params.hpp"

namespace switchboard::client {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
// TCP or Unix, whichever the options name.
using stream = asio::generic::stream_protocol;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;
constexpr millis sweep{20};

error unavailable(std::string why) {
  return {errc::unavailable, std::move(why), {}, {}, 0};
}

errc code_of(std::string_view name) {
  for (int i = 1; i <= static_cast<int>(errc::internal); ++i) {
    if (to_string(static_cast<errc>(i)) == name) return static_cast<errc>(i);
  }
  return errc::internal;
}

class asio_connection final : public client_connection {
 public:
  asio_connection(asio::io_context& io, connection_options options)
      : io_(io),
        options_(std::move(options)),
        socket_(io),
        resolver_(io),
        timer_(io),
        decoder_(options_.limits) {}

  void connect(on_done done) override;
  void call(std::string_view method, std::string_view params, on_answer done,
            millis timeout) override;
  void notify(std::string_view method, std::string_view params) override;
  void send_raw(std::string_view bytes) override;
  void set_on_notification(on_notification call) override { on_notification_ = std::move(call); }
  void set_on_close(std::function<void(const error&)> call) override {
    on_close_ = std::move(call);
  }
  void close() override {
    lose(unavailable("closed by this client"));
    fail_refused();
  }
  bool open() const override { return open_; }
  std::size_t outstanding() const override { return calls_.size(); }
  void post(std::function<void()> work) override { asio::post(io_, std::move(work)); }
  void pause_reading(bool paused) override;

 private:
  struct pending {
    on_answer done;
    steady_clock::time_point until;
  };

  std::shared_ptr<asio_connection> self() {
    return std::static_pointer_cast<asio_connection>(shared_from_this());
  }
  void connect_unix();
  void start_connect(const std::vector<stream::endpoint>& found);
  result<void> prepare_tls();
  void greet();
  void finish_connect(const result<void>& how);
  void read();
  void on_read(const error_code& ec, std::size_t bytes);
  bool take(const codec::frame& f);
  void schedule_write();
  void write();
  void on_written(const error_code& ec);
  void lose(error why);
  void fail_refused();
  void watch();

  asio::io_context& io_;
  connection_options options_;
  stream::socket socket_;
  tcp::resolver resolver_;
  asio::steady_timer timer_;
  std::optional<asio::ssl::context> tls_context_;
  std::unique_ptr<asio::ssl::stream<stream::socket&>> tls_;
  codec::frame_decoder decoder_;
  std::string queued_;
  std::string writing_;
  bool write_scheduled_ = false;
  bool open_ = false;
  bool lost_ = false;
  bool reading_ = false;
  bool paused_ = false;
  bool watching_ = false;
  std::uint32_t next_msgid_ = 1;
  std::unordered_map<std::uint32_t, pending> calls_;
  std::size_t timed_calls_ = 0;
  /// Called after the connection was lost; they fail in the loop's next turn.
  std::vector<on_answer> refused_;
  on_done on_connect_;
  on_notification on_notification_;
  std::function<void(const error&)> on_close_;
};

void asio_connection::connect(on_done done) {
  on_connect_ = std::move(done);
  timer_.expires_after(options_.connect_timeout);
  timer_.async_wait([self = self()](const error_code& ec) {
    if (!ec && !self->open_)
      self->finish_connect(fail(errc::deadline_exceeded, "no connection in time"));
  });
  if (!options_.unix_path.empty()) return connect_unix();
  error_code ec;
  auto literal = asio::ip::make_address(options_.host, ec);
  if (!ec) return start_connect({tcp::endpoint(literal, options_.port)});
  resolver_.async_resolve(
      options_.host, std::to_string(options_.port),
      [self = self()](const error_code& failed, const tcp::resolver::results_type& found) {
        if (failed) {
          return self->finish_connect(
              fail(errc::unavailable, self->options_.host + ": " + failed.message()));
        }
        std::vector<stream::endpoint> endpoints;
        for (auto& entry : found) endpoints.emplace_back(entry.endpoint());
        self->start_connect(endpoints);
      });
}

void asio_connection::connect_unix() {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (options_.unix_path.size() > longest) {
    return finish_connect(fail(errc::invalid_argument, "a socket's path has at most " +
                                                           std::to_string(longest) + " bytes"));
  }
  start_connect({asio::local::stream_protocol::endpoint(options_.unix_path)});
}

void asio_connection::start_connect(const std::vector<stream::endpoint>& found) {
  asio::async_connect(socket_, found, [self = self()](const error_code& ec, const auto&) {
    if (ec) return self->finish_connect(fail(errc::unavailable, "cannot connect: " + ec.message()));
    error_code ignored;
    if (self->options_.unix_path.empty()) self->socket_.set_option(tcp::no_delay(true), ignored);
    if (!self->options_.tls || !self->options_.unix_path.empty()) return self->finish_connect({});
    if (auto ready = self->prepare_tls(); !ready) return self->finish_connect(ready);
    self->greet();
  });
}

result<void> asio_connection::prepare_tls() {
  error_code ec;
  auto& context = tls_context_.emplace(asio::ssl::context::tls_client);
  context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, ec);
  if (options_.accept_any_certificate) {
    context.set_verify_mode(asio::ssl::verify_none, ec);
  } else {
    context.set_verify_mode(asio::ssl::verify_peer, ec);
    if (options_.ca_file.empty()) {
      context.set_default_verify_paths(ec);
    } else {
      context.load_verify_file(options_.ca_file, ec);
    }
    if (ec) return fail(errc::failed_precondition, "certificate authority: " + ec.message());
  }
  tls_ = std::make_unique<asio::ssl::stream<stream::socket&>>(socket_, context);
  if (!options_.accept_any_certificate) {
    tls_->set_verify_callback(asio::ssl::host_name_verification(options_.host), ec);
  }
  SSL_set_tlsext_host_name(tls_->native_handle(), options_.host.c_str());
  return {};
}

void asio_connection::greet() {
  tls_->async_handshake(asio::ssl::stream_base::client, [self = self()](const error_code& ec) {
    if (ec) return self->finish_connect(fail(errc::unavailable, "TLS: " + ec.message()));
    self->finish_connect({});
  });
}

void asio_connection::finish_connect(const result<void>& how) {
  auto done = std::exchange(on_connect_, nullptr);
  if (!done) return;
  timer_.cancel();
  if (how && !lost_) {
    open_ = true;
    if (!queued_.empty()) schedule_write();
    read();
  } else {
    lost_ = true;
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
  }
  done(how);
}

void asio_connection::call(std::string_view method, std::string_view params, on_answer done,
                           millis timeout) {
  if (lost_) {
    refused_.push_back(std::move(done));
    if (refused_.size() == 1) asio::post(io_, [self = self()] { self->fail_refused(); });
    return;
  }
  // Skips the msgids of calls that have been outstanding for a whole round of the counter.
  while (calls_.contains(next_msgid_)) ++next_msgid_;
  auto msgid = next_msgid_++;
  auto until = steady_clock::time_point::max();
  if (timeout.count() > 0) {
    until = steady_clock::now() + timeout;
    ++timed_calls_;
  }
  calls_.emplace(msgid, pending{std::move(done), until});
  codec::begin_request(queued_, msgid, method);
  queued_.append(params);
  schedule_write();
  if (timeout.count() > 0) watch();
}

void asio_connection::notify(std::string_view method, std::string_view params) {
  if (lost_) return;
  codec::begin_notification(queued_, method);
  queued_.append(params);
  schedule_write();
}

void asio_connection::send_raw(std::string_view bytes) {
  queued_.append(bytes);
  schedule_write();
}

// Gathers what is put in during one turn of the loop into one write.
void asio_connection::schedule_write() {
  if (!open_ || write_scheduled_) return;
  write_scheduled_ = true;
  asio::post(io_, [self = self()] { self->write(); });
}

void asio_connection::write() {
  if (lost_) return;
  std::swap(queued_, writing_);
  auto done = [self = self()](const error_code& ec, std::size_t) { self->on_written(ec); };
  if (tls_) return asio::async_write(*tls_, asio::buffer(writing_), std::move(done));
  asio::async_write(socket_, asio::buffer(writing_), std::move(done));
}

void asio_connection::on_written(const error_code& ec) {
  if (lost_) return;
  if (ec) return lose(unavailable("connection lost: " + ec.message()));
  writing_.clear();
  write_scheduled_ = false;
  if (!queued_.empty()) schedule_write();
}

void asio_connection::pause_reading(bool paused) {
  paused_ = paused;
  if (!paused && open_ && !reading_) read();
}

void asio_connection::read() {
  if (paused_) return;
  reading_ = true;
  auto into = decoder_.prepare(read_bytes);
  auto done = [self = self()](const error_code& ec, std::size_t bytes) {
    self->on_read(ec, bytes);
  };
  if (tls_) return tls_->async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
}

void asio_connection::on_read(const error_code& ec, std::size_t bytes) {
  reading_ = false;
  if (lost_) return;
  if (ec) return lose(unavailable("connection lost: " + ec.message()));
  decoder_.commit(bytes);
  while (!lost_) {
    auto next = decoder_.next();
    if (!next)
      return lose(
          unavailable("the server sent what is no MessagePack-RPC: " + next.error().why.message));
    if (!*next) return read();
    if (!take(**next)) return lose(unavailable("the server made a call"));
  }
}

bool asio_connection::take(const codec::frame& f) {
  if (f.what == codec::frame::kind::request) return false;
  if (f.what == codec::frame::kind::notification) {
    if (on_notification_) on_notification_(f.method, *f.params);
    return true;
  }
  auto at = calls_.find(f.msgid);
  if (at == calls_.end()) return true;
  auto call = std::move(at->second);
  calls_.erase(at);
  if (call.until != steady_clock::time_point::max()) --timed_calls_;
  if (f.failure->type == msgpack::type::NIL) {
    call.done(f.result);
  } else {
    call.done(tl::unexpected<error>(read_error(*f.failure)));
  }
  return true;
}

// One timer looks after all calls that have a timeout, at a coarse step.
void asio_connection::watch() {
  if (watching_ || timed_calls_ == 0 || !open_) return;
  watching_ = true;
  timer_.expires_after(sweep);
  timer_.async_wait([self = self()](const error_code&) {
    self->watching_ = false;
    if (self->lost_) return;
    auto now = steady_clock::now();
    std::vector<on_answer> late;
    for (auto at = self->calls_.begin(); at != self->calls_.end();) {
      if (at->second.until > now) {
        ++at;
        continue;
      }
      late.push_back(std::move(at->second.done));
      at = self->calls_.erase(at);
      --self->timed_calls_;
    }
    for (auto& done : late) done(fail(errc::deadline_exceeded, "no answer in time"));
    self->watch();
  });
}

void asio_connection::lose(error why) {
  if (std::exchange(lost_, true)) return;
  open_ = false;
  error_code ignored;
  timer_.cancel();
  resolver_.cancel();
  socket_.close(ignored);
  if (auto connecting = std::exchange(on_connect_, nullptr)) connecting(tl::unexpected<error>(why));
  auto calls = std::exchange(calls_, {});
  timed_calls_ = 0;
  for (auto& [msgid, call] : calls) call.done(tl::unexpected<error>(why));
  on_notification_ = nullptr;
  if (auto closed = std::exchange(on_close_, nullptr)) closed(why);
}

void asio_connection::fail_refused() {
  for (auto& done : std::exchange(refused_, {}))
    done(tl::unexpected<error>(unavailable("not connected")));
}

}  // namespace

std::shared_ptr<client_connection> client_connection::create(asio::io_context& io,
                                                             connection_options options) {
  return std::make_shared<asio_connection>(io, std::move(options));
}

error read_error(const msgpack::object& map) {
  codec::params fields(map);
  error e;
  e.code = code_of(fields.text_or_empty("code"));
  e.message = fields.text_or_empty("message");
  e.field = fields.text_or_empty("field");
  if (map.type != msgpack::type::MAP) return e;
  for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
    auto& kv = map.via.map.ptr[i];
    if (kv.key.type != msgpack::type::STR || kv.val.type != msgpack::type::POSITIVE_INTEGER)
      continue;
    e.detail_name.assign(kv.key.via.str.ptr, kv.key.via.str.size);
    e.detail = static_cast<std::int64_t>(kv.val.via.u64);
  }
  return e;
}

}  // namespace switchboard::client
