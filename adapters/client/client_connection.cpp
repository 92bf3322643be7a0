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
      : x_io(io),
        x_options(std::move(options)),
        x_socket(io),
        x_resolver(io),
        x_timer(io),
        x_decoder(x_options.limits) {}

  void connect(on_done done) override;
  void call(std::string_view method, std::string_view params, on_answer done,
            millis timeout) override;
  void notify(std::string_view method, std::string_view params) override;
  void send_raw(std::string_view bytes) override;
  void set_on_notification(on_notification call) override { x_on_notification = std::move(call); }
  void set_on_close(std::function<void(const error&)> call) override {
    x_on_close = std::move(call);
  }
  void close() override {
    lose(unavailable("closed by this client"));
    fail_refused();
  }
  bool open() const override { return x_open; }
  std::size_t outstanding() const override { return x_calls.size(); }
  void post(std::function<void()> work) override { asio::post(x_io, std::move(work)); }
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

  asio::io_context& x_io;
  connection_options x_options;
  stream::socket x_socket;
  tcp::resolver x_resolver;
  asio::steady_timer x_timer;
  std::optional<asio::ssl::context> x_tls_context;
  std::unique_ptr<asio::ssl::stream<stream::socket&>> x_tls;
  codec::frame_decoder x_decoder;
  std::string x_queued;
  std::string x_writing;
  bool x_write_scheduled = false;
  bool x_open = false;
  bool x_lost = false;
  bool x_reading = false;
  bool x_paused = false;
  bool x_watching = false;
  std::uint32_t x_next_msgid = 1;
  std::unordered_map<std::uint32_t, pending> x_calls;
  std::size_t x_timed_calls = 0;
  /// Called after the connection was lost; they fail in the loop's next turn.
  std::vector<on_answer> x_refused;
  on_done x_on_connect;
  on_notification x_on_notification;
  std::function<void(const error&)> x_on_close;
};

void asio_connection::connect(on_done done) {
  x_on_connect = std::move(done);
  x_timer.expires_after(x_options.connect_timeout);
  x_timer.async_wait([self = self()](const error_code& ec) {
    if (!ec && !self->x_open)
      self->finish_connect(fail(errc::deadline_exceeded, "no connection in time"));
  });
  if (!x_options.unix_path.empty()) return connect_unix();
  error_code ec;
  auto literal = asio::ip::make_address(x_options.host, ec);
  if (!ec) return start_connect({tcp::endpoint(literal, x_options.port)});
  x_resolver.async_resolve(
      x_options.host, std::to_string(x_options.port),
      [self = self()](const error_code& failed, const tcp::resolver::results_type& found) {
        if (failed) {
          return self->finish_connect(
              fail(errc::unavailable, self->x_options.host + ": " + failed.message()));
        }
        std::vector<stream::endpoint> endpoints;
        for (auto& entry : found) endpoints.emplace_back(entry.endpoint());
        self->start_connect(endpoints);
      });
}

void asio_connection::connect_unix() {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (x_options.unix_path.size() > longest) {
    return finish_connect(fail(errc::invalid_argument, "a socket's path has at most " +
                                                           std::to_string(longest) + " bytes"));
  }
  start_connect({asio::local::stream_protocol::endpoint(x_options.unix_path)});
}

void asio_connection::start_connect(const std::vector<stream::endpoint>& found) {
  asio::async_connect(x_socket, found, [self = self()](const error_code& ec, const auto&) {
    if (ec) return self->finish_connect(fail(errc::unavailable, "cannot connect: " + ec.message()));
    error_code ignored;
    if (self->x_options.unix_path.empty()) self->x_socket.set_option(tcp::no_delay(true), ignored);
    if (!self->x_options.tls || !self->x_options.unix_path.empty()) return self->finish_connect({});
    if (auto ready = self->prepare_tls(); !ready) return self->finish_connect(ready);
    self->greet();
  });
}

result<void> asio_connection::prepare_tls() {
  error_code ec;
  auto& context = x_tls_context.emplace(asio::ssl::context::tls_client);
  context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, ec);
  if (x_options.accept_any_certificate) {
    context.set_verify_mode(asio::ssl::verify_none, ec);
  } else {
    context.set_verify_mode(asio::ssl::verify_peer, ec);
    if (x_options.ca_file.empty()) {
      context.set_default_verify_paths(ec);
    } else {
      context.load_verify_file(x_options.ca_file, ec);
    }
    if (ec) return fail(errc::failed_precondition, "certificate authority: " + ec.message());
  }
  x_tls = std::make_unique<asio::ssl::stream<stream::socket&>>(x_socket, context);
  if (!x_options.accept_any_certificate) {
    x_tls->set_verify_callback(asio::ssl::host_name_verification(x_options.host), ec);
  }
  SSL_set_tlsext_host_name(x_tls->native_handle(), x_options.host.c_str());
  return {};
}

void asio_connection::greet() {
  x_tls->async_handshake(asio::ssl::stream_base::client, [self = self()](const error_code& ec) {
    if (ec) return self->finish_connect(fail(errc::unavailable, "TLS: " + ec.message()));
    self->finish_connect({});
  });
}

void asio_connection::finish_connect(const result<void>& how) {
  auto done = std::exchange(x_on_connect, nullptr);
  if (!done) return;
  x_timer.cancel();
  if (how && !x_lost) {
    x_open = true;
    if (!x_queued.empty()) schedule_write();
    read();
  } else {
    x_lost = true;
    error_code ignored;
    x_resolver.cancel();
    x_socket.close(ignored);
  }
  done(how);
}

void asio_connection::call(std::string_view method, std::string_view params, on_answer done,
                           millis timeout) {
  if (x_lost) {
    x_refused.push_back(std::move(done));
    if (x_refused.size() == 1) asio::post(x_io, [self = self()] { self->fail_refused(); });
    return;
  }
  // Skips the msgids of calls that have been outstanding for a whole round of the counter.
  while (x_calls.contains(x_next_msgid)) ++x_next_msgid;
  auto msgid = x_next_msgid++;
  auto until = steady_clock::time_point::max();
  if (timeout.count() > 0) {
    until = steady_clock::now() + timeout;
    ++x_timed_calls;
  }
  x_calls.emplace(msgid, pending{std::move(done), until});
  codec::begin_request(x_queued, msgid, method);
  x_queued.append(params);
  schedule_write();
  if (timeout.count() > 0) watch();
}

void asio_connection::notify(std::string_view method, std::string_view params) {
  if (x_lost) return;
  codec::begin_notification(x_queued, method);
  x_queued.append(params);
  schedule_write();
}

void asio_connection::send_raw(std::string_view bytes) {
  x_queued.append(bytes);
  schedule_write();
}

// Gathers what is put in during one turn of the loop into one write.
void asio_connection::schedule_write() {
  if (!x_open || x_write_scheduled) return;
  x_write_scheduled = true;
  asio::post(x_io, [self = self()] { self->write(); });
}

void asio_connection::write() {
  if (x_lost) return;
  std::swap(x_queued, x_writing);
  auto done = [self = self()](const error_code& ec, std::size_t) { self->on_written(ec); };
  if (x_tls) return asio::async_write(*x_tls, asio::buffer(x_writing), std::move(done));
  asio::async_write(x_socket, asio::buffer(x_writing), std::move(done));
}

void asio_connection::on_written(const error_code& ec) {
  if (x_lost) return;
  if (ec) return lose(unavailable("connection lost: " + ec.message()));
  x_writing.clear();
  x_write_scheduled = false;
  if (!x_queued.empty()) schedule_write();
}

void asio_connection::pause_reading(bool paused) {
  x_paused = paused;
  if (!paused && x_open && !x_reading) read();
}

void asio_connection::read() {
  if (x_paused) return;
  x_reading = true;
  auto into = x_decoder.prepare(read_bytes);
  auto done = [self = self()](const error_code& ec, std::size_t bytes) {
    self->on_read(ec, bytes);
  };
  if (x_tls) return x_tls->async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  x_socket.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
}

void asio_connection::on_read(const error_code& ec, std::size_t bytes) {
  x_reading = false;
  if (x_lost) return;
  if (ec) return lose(unavailable("connection lost: " + ec.message()));
  x_decoder.commit(bytes);
  while (!x_lost) {
    auto next = x_decoder.next();
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
    if (x_on_notification) x_on_notification(f.method, *f.params);
    return true;
  }
  auto at = x_calls.find(f.msgid);
  if (at == x_calls.end()) return true;
  auto call = std::move(at->second);
  x_calls.erase(at);
  if (call.until != steady_clock::time_point::max()) --x_timed_calls;
  if (f.failure->type == msgpack::type::NIL) {
    call.done(f.result);
  } else {
    call.done(tl::unexpected<error>(read_error(*f.failure)));
  }
  return true;
}

// One timer looks after all calls that have a timeout, at a coarse step.
void asio_connection::watch() {
  if (x_watching || x_timed_calls == 0 || !x_open) return;
  x_watching = true;
  x_timer.expires_after(sweep);
  x_timer.async_wait([self = self()](const error_code&) {
    self->x_watching = false;
    if (self->x_lost) return;
    auto now = steady_clock::now();
    std::vector<on_answer> late;
    for (auto at = self->x_calls.begin(); at != self->x_calls.end();) {
      if (at->second.until > now) {
        ++at;
        continue;
      }
      late.push_back(std::move(at->second.done));
      at = self->x_calls.erase(at);
      --self->x_timed_calls;
    }
    for (auto& done : late) done(fail(errc::deadline_exceeded, "no answer in time"));
    self->watch();
  });
}

void asio_connection::lose(error why) {
  if (std::exchange(x_lost, true)) return;
  x_open = false;
  error_code ignored;
  x_timer.cancel();
  x_resolver.cancel();
  x_socket.close(ignored);
  if (auto connecting = std::exchange(x_on_connect, nullptr))
    connecting(tl::unexpected<error>(why));
  auto calls = std::exchange(x_calls, {});
  x_timed_calls = 0;
  for (auto& [msgid, call] : calls) call.done(tl::unexpected<error>(why));
  x_on_notification = nullptr;
  if (auto closed = std::exchange(x_on_close, nullptr)) closed(why);
}

void asio_connection::fail_refused() {
  for (auto& done : std::exchange(x_refused, {}))
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
