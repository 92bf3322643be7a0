#include "adapters/web/web_server.hpp"

#include <algorithm>
#include <chrono>
#include <list>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "adapters/web/web_connection.hpp"

namespace switchboard::web {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr int backlog = 128;
constexpr millis pause_without_descriptors{100};
/// While somebody waits for a place.
constexpr millis look_for_places_every{20};

/// The listening side. Held by its connections, which end before it does.
class listening final : public web_core, public std::enable_shared_from_this<listening> {
 public:
  listening(web_options o, router r)
      : web_core(std::move(o), std::move(r)), acceptor_(io), retry_(io), places_(io) {}

  result<void> open();
  void accept();
  void close();
  std::uint16_t port() const { return port_; }
  void gone(web_connection& c) override;
  bool crowded() const override { return !waiting_.empty(); }

 private:
  struct newcomer {
    tcp::socket socket;
    std::string address;
    steady_clock::time_point until;
  };

  void on_accept(const error_code& ec, tcp::socket socket);
  void begin(newcomer n);
  void wait_for_place(newcomer n);
  void look_for_places();
  void fill_places();
  bool make_room(const std::string& address);
  std::shared_ptr<web_connection> longest_waiting(const std::string* of) const;

  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::steady_timer places_;
  bool looking_ = false;
  /// The newest last.
  std::list<newcomer> waiting_;
  std::uint16_t port_ = 0;
  std::unordered_map<web_connection*, std::shared_ptr<web_connection>> open_;
  std::unordered_map<std::string, std::size_t> per_address_;
};

result<void> listening::open() {
  error_code ec;
  auto address = asio::ip::make_address(options.address, ec);
  if (ec)
    return fail(errc::invalid_argument, "address " + options.address + ": expected an IP address");
  tcp::endpoint at(address, options.port);
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(backlog, ec);
  if (ec) {
    return fail(errc::unavailable, "cannot listen on " + options.address + ":" +
                                       std::to_string(options.port) + ": " + ec.message());
  }
  port_ = acceptor_.local_endpoint(ec).port();
  return {};
}

void listening::accept() {
  acceptor_.async_accept([me = shared_from_this()](const error_code& ec, tcp::socket socket) {
    me->on_accept(ec, std::move(socket));
  });
}

void listening::on_accept(const error_code& ec, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (ec) {
    retry_.expires_after(pause_without_descriptors);
    return retry_.async_wait([me = shared_from_this()](const error_code& stopped) {
      if (!stopped) me->accept();
    });
  }
  error_code vanished;
  auto address = socket.remote_endpoint(vanished).address().to_string();
  if (!vanished) {
    newcomer n{std::move(socket), std::move(address), steady_clock::now() + options.read_deadline};
    if (make_room(n.address))
      begin(std::move(n));
    else
      wait_for_place(std::move(n));
  }
  accept();
}

void listening::begin(newcomer n) {
  counters.accepted.fetch_add(1, std::memory_order_relaxed);
  counters.open.fetch_add(1, std::memory_order_relaxed);
  ++per_address_[n.address];
  auto c = std::make_shared<web_connection>(shared_from_this(), std::move(n.socket),
                                            std::move(n.address));
  open_.emplace(c.get(), c);
  c->start();
}

/// Where too many wait, the one goes that has waited longest: of the same address where that has
/// half of them.
void listening::wait_for_place(newcomer n) {
  const auto own = std::ranges::count(waiting_, n.address, &newcomer::address);
  const bool own_goes = static_cast<std::size_t>(own) * 2 >= options.waiting;
  if (!waiting_.empty() && waiting_.size() >= options.waiting) {
    auto oldest =
        own_goes ? std::ranges::find(waiting_, n.address, &newcomer::address) : waiting_.begin();
    if (oldest == waiting_.end()) oldest = waiting_.begin();
    waiting_.erase(oldest);
    counters.refused.fetch_add(1, std::memory_order_relaxed);
  }
  counters.waited.fetch_add(1, std::memory_order_relaxed);
  waiting_.push_back(std::move(n));
  look_for_places();
}

void listening::look_for_places() {
  if (waiting_.empty() || std::exchange(looking_, true)) return;
  places_.expires_after(look_for_places_every);
  places_.async_wait([me = shared_from_this()](const error_code& stopped) {
    me->looking_ = false;
    if (!stopped) me->fill_places();
  });
}

/// The newest first: of a crowd that came at once the last is the one who still waits for an
/// answer.
void listening::fill_places() {
  const auto now = steady_clock::now();
  for (auto it = waiting_.end(); it != waiting_.begin();) {
    --it;
    if (it->until < now) {
      it = waiting_.erase(it);
      counters.refused.fetch_add(1, std::memory_order_relaxed);
    } else if (make_room(it->address)) {
      auto n = std::move(*it);
      it = waiting_.erase(it);
      begin(std::move(n));
    }
  }
  look_for_places();
}

/// An address that is full makes room among its own connections, a full listener among all.
bool listening::make_room(const std::string& address) {
  auto own = per_address_.find(address);
  const bool address_full =
      own != per_address_.end() && own->second >= options.connections_per_address;
  if (!address_full && open_.size() < options.connections) return true;
  auto longest = longest_waiting(address_full ? &address : nullptr);
  if (!longest) return false;
  counters.gave_way.fetch_add(1, std::memory_order_relaxed);
  longest->close();
  return true;
}

std::shared_ptr<web_connection> listening::longest_waiting(const std::string* of) const {
  std::shared_ptr<web_connection> out;
  const auto now = steady_clock::now();
  for (auto& [key, c] : open_) {
    if (!c->may_give_way(now) || (of && c->address() != *of)) continue;
    if (!out || c->waits_since() < out->waits_since()) out = c;
  }
  return out;
}

void listening::gone(web_connection& c) {
  if (open_.erase(&c) == 0) return;
  counters.open.fetch_sub(1, std::memory_order_relaxed);
  auto own = per_address_.find(c.address());
  if (own != per_address_.end() && --own->second == 0) per_address_.erase(own);
}

void listening::close() {
  error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel(ignored);
  places_.cancel(ignored);
  waiting_.clear();
  std::vector<std::shared_ptr<web_connection>> all;
  for (auto& [key, c] : open_) all.push_back(c);
  for (auto& c : all) c->close();
}

}  // namespace

class web_server::impl {
 public:
  impl(web_options o, router r) : core(std::make_shared<listening>(std::move(o), std::move(r))) {}
  std::shared_ptr<listening> core;
  std::thread thread;
};

web_server::web_server(web_options options, router routes)
    : impl_(std::make_unique<impl>(std::move(options), std::move(routes))) {}

web_server::~web_server() {
  stop();
}

result<void> web_server::start() {
  if (impl_->thread.joinable()) return fail(errc::failed_precondition, "it listens already");
  auto& core = impl_->core;
  if (auto opened = core->open(); !opened) return opened;
  core->accept();
  impl_->thread = std::thread([core] { core->io.run(); });
  return {};
}

void web_server::stop() {
  if (!impl_->thread.joinable()) return;
  auto& core = impl_->core;
  // With everything closed nothing is left to be done, and the loop ends.
  asio::post(core->io, [core] { core->close(); });
  impl_->thread.join();
}

std::uint16_t web_server::port() const {
  return impl_->thread.joinable() ? impl_->core->port() : 0;
}

const web_counters& web_server::counters() const {
  return impl_->core->counters;
}

}  // namespace switchboard::web
