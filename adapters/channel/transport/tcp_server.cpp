#include "adapters/channel/transport/tcp_server.hpp"

#include <chrono>
#include <condition_variable>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "adapters/channel/transport/listener.hpp"
#include "adapters/channel/transport/tcp_peer.hpp"

namespace switchboard::channel {

namespace asio = boost::asio;

rpc_service::~rpc_service() = default;

std::string_view to_string(close_reason why) {
  switch (why) {
    case close_reason::none:
      return "none";
    case close_reason::by_client:
      return "by_client";
    case close_reason::by_service:
      return "by_service";
    case close_reason::bad_frame:
      return "bad_frame";
    case close_reason::slow_reader:
      return "slow_reader";
    case close_reason::hello_timeout:
      return "hello_timeout";
    case close_reason::frame_timeout:
      return "frame_timeout";
    case close_reason::idle:
      return "idle";
    case close_reason::tls_failed:
      return "tls_failed";
    case close_reason::stopping:
      return "stopping";
    case close_reason::over_share:
      return "over_share";
  }
  return "none";
}

/// A socket that listens before there is a thread to serve it.
class bound_address::impl {
 public:
  result<void> load_tls(const transport_options& o);
  result<void> listen(const transport_options& o);

  asio::io_context io;
  listener place{io};
  std::optional<asio::ssl::context> tls;
};

class tcp_server::impl {
 public:
  impl(transport_options options, store::journal& journal, rpc_service& service,
       std::shared_ptr<output_budget> budget, const store::work_gate* gate)
      : core_(std::make_shared<transport_core>(std::move(options), journal, service,
                                               std::move(budget), gate)) {}

  void start(bound_address::impl& at);
  const transport_options& options() const { return core_->options; }
  void stop();
  void take_limits(const transport_options& o);
  std::uint16_t port() const { return port_; }
  const transport_counters& counters() const { return core_->counters; }

 private:
  void accept();
  void on_accept(const boost::system::error_code& ec, listener::stream::socket socket,
                 std::shared_ptr<io_thread> on);
  void on_all(const std::function<void(tcp_peer&)>& what);
  bool wait_until_empty(millis at_most);

  std::shared_ptr<transport_core> core_;
  std::unique_ptr<listener> listener_;
  std::unique_ptr<asio::steady_timer> retry_;
  std::size_t turn_ = 0;
  std::uint16_t port_ = 0;
};

result<void> bound_address::impl::load_tls(const transport_options& o) {
  if (!o.unix_path.empty()) return {};
  if (o.certificate_file.empty() && o.private_key_file.empty()) return {};
  boost::system::error_code ec;
  auto& context = tls.emplace(asio::ssl::context::tls_server);
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                          asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                          asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use,
                      ec);
  if (!ec) context.use_certificate_chain_file(o.certificate_file, ec);
  if (ec)
    return fail(errc::failed_precondition,
                "certificate " + o.certificate_file + ": " + ec.message());
  context.use_private_key_file(o.private_key_file, asio::ssl::context::pem, ec);
  if (ec)
    return fail(errc::failed_precondition,
                "private key " + o.private_key_file + ": " + ec.message());
  return {};
}

result<void> bound_address::impl::listen(const transport_options& o) {
  if (!o.unix_path.empty()) return place.open_unix(o.unix_path);
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(o.address, ec);
  if (ec) return fail(errc::invalid_argument, "address " + o.address + ": expected an IP address");
  bool plain = o.certificate_file.empty() && o.private_key_file.empty();
  if (plain && !o.allow_plain && !address.is_loopback()) {
    return fail(errc::failed_precondition,
                "plain TCP is served on loopback only: give a certificate, or allow plain");
  }
  return place.open_tcp(address, o.port);
}

result<bound_address> bound_address::open(const transport_options& options) {
  auto made = std::make_unique<impl>();
  if (auto loaded = made->load_tls(options); !loaded) return tl::unexpected(loaded.error());
  if (auto listening = made->listen(options); !listening) return tl::unexpected(listening.error());
  return bound_address(std::move(made));
}

bound_address::bound_address(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
bound_address::bound_address(bound_address&&) noexcept = default;
bound_address& bound_address::operator=(bound_address&&) noexcept = default;
bound_address::~bound_address() = default;

void tcp_server::impl::start(bound_address::impl& at) {
  for (unsigned i = 0; i < std::max(1u, core_->options.io_threads); ++i) {
    core_->threads.push_back(std::make_shared<io_thread>(*core_));
  }
  auto& io = core_->threads.front()->context();
  core_->tls = std::move(at.tls);
  listener_ = std::make_unique<listener>(io, at.place);
  retry_ = std::make_unique<asio::steady_timer>(io);
  port_ = listener_->port();
  for (auto& t : core_->threads) t->start();
  core_->threads.front()->post([this] { accept(); });
}

void tcp_server::impl::accept() {
  auto on = core_->threads[turn_++ % core_->threads.size()];
  listener_->accept(on->context(), [this, on](const boost::system::error_code& ec,
                                              listener::stream::socket socket) {
    on_accept(ec, std::move(socket), on);
  });
}

void tcp_server::impl::on_accept(const boost::system::error_code& ec,
                                 listener::stream::socket socket, std::shared_ptr<io_thread> on) {
  if (!listener_->is_open()) return;
  if (ec) {
    // Out of descriptors, most likely: what is connected goes on, and the next are taken when there
    // is room.
    retry_->expires_after(millis{100});
    return retry_->async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) accept();
    });
  }
  auto& counters = core_->counters;
  auto address = remote_address_of(socket);
  bool gone = address.empty();
  if (gone || counters.connections_open.load() >= core_->live.connections) {
    counters.refused_limit.fetch_add(gone ? 0 : 1);
  } else if (!core_->admit_address(address)) {
    counters.refused_address.fetch_add(1);
  } else {
    counters.connections_open.fetch_add(1);
    counters.connections_accepted.fetch_add(1);
    auto p = std::make_shared<tcp_peer>(core_, on, std::move(socket), std::move(address));
    on->post([p] { p->start(); });
  }
  accept();
}

void tcp_server::impl::on_all(const std::function<void(tcp_peer&)>& what) {
  for (auto& t : core_->threads) {
    t->post([t, what] {
      for (auto& p : t->peers()) what(*p);
    });
  }
}

/// A deadline that is nearer now than the one a connection is armed for would be noticed late.
void tcp_server::impl::take_limits(const transport_options& o) {
  core_->live.take(o);
  on_all([](tcp_peer& p) { p.check_deadlines(); });
}

bool tcp_server::impl::wait_until_empty(millis at_most) {
  auto until = std::chrono::steady_clock::now() + at_most;
  while (core_->counters.connections_open.load() > 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(millis{5});
  }
  return true;
}

void tcp_server::impl::stop() {
  if (core_->threads.empty()) return;
  std::promise<void> deaf;
  core_->threads.front()->post([&] {
    if (listener_) listener_->close();
    if (retry_) retry_->cancel();
    deaf.set_value();
  });
  deaf.get_future().wait();
  on_all([](tcp_peer& p) { p.close_after_flush(close_reason::stopping); });
  if (!wait_until_empty(core_->options.flush_deadline)) {
    on_all([](tcp_peer& p) { p.close(close_reason::stopping); });
    wait_until_empty(millis{1'000});
  }
  for (auto& t : core_->threads) t->stop();
  listener_.reset();
  retry_.reset();
  core_->threads.clear();
}

tcp_server::tcp_server(transport_options options, store::journal& journal, rpc_service& service,
                       std::shared_ptr<output_budget> budget, const store::work_gate* gate)
    : impl_(std::make_unique<impl>(
          std::move(options), journal, service,
          budget ? std::move(budget) : std::make_shared<output_budget>(output_budget::limits{}),
          gate)) {}
tcp_server::~tcp_server() {
  stop();
}
result<void> tcp_server::start() {
  auto at = bound_address::open(impl_->options());
  if (!at) return tl::unexpected(at.error());
  start(std::move(*at));
  return {};
}
void tcp_server::start(bound_address at) {
  impl_->start(*at.impl_);
}
void tcp_server::stop() {
  impl_->stop();
}
void tcp_server::take_limits(const transport_options& o) {
  impl_->take_limits(o);
}
std::uint16_t tcp_server::port() const {
  return impl_->port();
}
const transport_counters& tcp_server::counters() const {
  return impl_->counters();
}

}  // namespace switchboard::channel
