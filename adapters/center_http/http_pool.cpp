#include "adapters/center_http/http_pool.hpp"

#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

namespace switchboard::center {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

template <class T> using task = asio::awaitable<T>;

/// One connection. The TLS layer lies unused where the service speaks plain HTTP.
struct connection {
  connection(asio::io_context& io, asio::ssl::context& tls, std::size_t& count)
      : stream(io, tls), open_now(count) {
    ++open_now;
  }
  ~connection() { --open_now; }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream); }

  beast::ssl_stream<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
  steady::time_point idle_since{};
  std::size_t& open_now;
};

/// What went wrong, and whether a new connection may fare better: a service closes what was idle
/// just when it is used again.
struct mishap {
  error what;
  bool hung_up = false;
};
template <class T> using attempt = tl::expected<T, mishap>;

tl::unexpected<mishap> gone_wrong(const char* doing, const error_code& ec) {
  if (ec == beast::error::timeout || ec == asio::error::operation_aborted) {
    return tl::unexpected(mishap{{errc::deadline_exceeded, "no answer in time", {}, {}, 0}});
  }
  bool hung_up = ec == http::error::end_of_stream || ec == asio::error::connection_reset ||
                 ec == asio::error::broken_pipe || ec == asio::error::eof ||
                 ec == asio::ssl::error::stream_truncated;
  auto text = std::string(doing) + ": " + ec.message();
  return tl::unexpected(mishap{{errc::unavailable, std::move(text), {}, {}, 0}, hung_up});
}

using request = http::request<http::empty_body>;
using parser = http::response_parser<http::string_body>;

class pool final : public http_pool, public std::enable_shared_from_this<pool> {
 public:
  pool(asio::io_context& io, const pool_options& options)
      : io_(io), options_(options), tls_(asio::ssl::context::tls_client), resolver_(io) {}

  result<void> trust() {
    error_code ec;
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    tls_.set_verify_mode(asio::ssl::verify_peer);
    tls_.set_default_verify_paths(ec);
    if (!options_.ca_file.empty()) {
      tls_.load_verify_file(options_.ca_file, ec);
      if (ec) return fail(errc::not_found, options_.ca_file + ": " + ec.message());
    }
    return {};
  }

  void get(std::string target, header_fields headers, millis within,
           std::function<void(result<http_answer>)> then) override {
    request q{http::verb::get, options_.endpoint.prefix + target, 11};
    q.set(http::field::host, options_.endpoint.authority());
    q.set(http::field::accept, "application/json");
    q.set(http::field::user_agent, "switchboard");
    for (auto& [name, value] : headers) q.set(name, value);
    auto self = shared_from_this();
    auto until = steady::now() + within;
    asio::co_spawn(io_, exchange(std::move(self), std::move(q), until),
                   [then = std::move(then)](std::exception_ptr e, result<http_answer> answer) {
                     // Only memory can be wanting here: every other mishap is a value.
                     if (e) std::rethrow_exception(e);
                     then(std::move(answer));
                   });
  }

  std::size_t connections() const override { return open_; }

 private:
  using connection_ptr = std::unique_ptr<connection>;

  /// `self` keeps the pool as long as the coroutine.
  static task<result<http_answer>> exchange(std::shared_ptr<pool> self, request q,
                                            steady::time_point until) {
    auto kept = self->take_idle();
    if (kept) {
      auto answer = co_await self->ask(std::move(kept), q, until);
      if (answer) co_return std::move(*answer);
      if (!answer.error().hung_up) co_return tl::unexpected(answer.error().what);
    }
    auto opened = co_await self->open(until);
    if (!opened) co_return tl::unexpected(opened.error().what);
    auto answer = co_await self->ask(std::move(*opened), q, until);
    if (!answer) co_return tl::unexpected(answer.error().what);
    co_return std::move(*answer);
  }

  connection_ptr take_idle() {
    auto oldest = steady::now() - options_.idle_for;
    std::erase_if(idle_, [&](const connection_ptr& c) { return c->idle_since < oldest; });
    if (idle_.empty()) return nullptr;
    auto latest = std::move(idle_.back());
    idle_.pop_back();
    return latest;
  }

  task<attempt<asio::ip::tcp::resolver::results_type>> resolve() {
    constexpr std::chrono::seconds remembered{30};
    if (!places_.empty() && steady::now() < places_until_) co_return places_;
    error_code ec;
    auto found = co_await resolver_.async_resolve(options_.endpoint.host, options_.endpoint.port,
                                                  asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return gone_wrong("cannot find the host", ec);
    places_ = found;
    places_until_ = steady::now() + remembered;
    co_return found;
  }

  task<attempt<connection_ptr>> open(steady::time_point until) {
    auto places = co_await resolve();
    if (!places) co_return tl::unexpected(places.error());
    auto c = std::make_unique<connection>(io_, tls_, open_);
    error_code ec;
    c->lowest().expires_at(until);
    co_await c->lowest().async_connect(*places, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) {
      places_ = {};
      co_return gone_wrong("cannot connect", ec);
    }
    c->lowest().socket().set_option(asio::ip::tcp::no_delay(true), ec);
    if (options_.endpoint.tls) {
      const auto& host = options_.endpoint.host;
      SSL_set_tlsext_host_name(c->stream.native_handle(), host.c_str());
      c->stream.set_verify_callback(asio::ssl::host_name_verification(host));
      co_await c->stream.async_handshake(asio::ssl::stream_base::client,
                                         asio::redirect_error(asio::use_awaitable, ec));
      if (ec) co_return gone_wrong("no TLS with the service", ec);
    }
    co_return std::move(c);
  }

  /// The header first: Boost 1.74 forgets the limit of the body where both come in one piece and
  /// are parsed in one go (basic_parser::put goes on after finish_header has failed).
  template <class Stream>
  static task<error_code> read(Stream& from, beast::flat_buffer& buffer, parser& p) {
    error_code ec;
    co_await http::async_read_header(from, buffer, p,
                                     asio::redirect_error(asio::use_awaitable, ec));
    if (!ec && !p.is_done()) {
      co_await http::async_read(from, buffer, p, asio::redirect_error(asio::use_awaitable, ec));
    }
    co_return ec;
  }

  task<attempt<http_answer>> ask(connection_ptr c, const request& q, steady::time_point until) {
    error_code ec;
    auto token = asio::redirect_error(asio::use_awaitable, ec);
    c->lowest().expires_at(until);
    if (options_.endpoint.tls) {
      co_await http::async_write(c->stream, q, token);
    } else {
      co_await http::async_write(c->lowest(), q, token);
    }
    if (ec) co_return gone_wrong("the service hung up", ec);
    parser p;
    p.body_limit(options_.answer_bytes);
    p.header_limit(16 * 1024);
    if (options_.endpoint.tls) {
      ec = co_await read(c->stream, c->buffer, p);
    } else {
      ec = co_await read(c->lowest(), c->buffer, p);
    }
    if (ec) co_return gone_wrong("no answer that is HTTP", ec);
    http_answer out{static_cast<int>(p.get().result_int()), std::move(p.get().body())};
    // Bytes after an answer belong to no question of ours.
    if (p.get().keep_alive() && c->buffer.size() == 0) {
      c->lowest().expires_never();
      c->idle_since = steady::now();
      idle_.push_back(std::move(c));
    }
    co_return out;
  }

  asio::io_context& io_;
  pool_options options_;
  asio::ssl::context tls_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::resolver::results_type places_;
  steady::time_point places_until_{};
  std::size_t open_ = 0;
  std::vector<connection_ptr> idle_;
};

}  // namespace

result<std::shared_ptr<http_pool>> make_http_pool(asio::io_context& io,
                                                  const pool_options& options) {
  auto made = std::make_shared<pool>(io, options);
  if (auto ok = made->trust(); !ok) return tl::unexpected(ok.error());
  return std::shared_ptr<http_pool>(std::move(made));
}

}  // namespace switchboard::center
