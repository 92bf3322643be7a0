#include "adapters/channel/transport/listener.hpp"

#include <array>
#include <cstring>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace switchboard::channel {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using local = asio::local::stream_protocol;

namespace {

constexpr int backlog = 1024;

// Clears the way for a socket file: what a process that was killed left behind goes.
result<void> clear_stale(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode))
    return fail(errc::failed_precondition, path + ": is there and is no socket");
  asio::io_context io;
  local::socket probe(io);
  boost::system::error_code ec;
  probe.connect(local::endpoint(path), ec);
  // A full backlog (EAGAIN) is somebody too, and so is one we may not ask.
  if (ec != asio::error::connection_refused) {
    if (ec == boost::system::errc::no_such_file_or_directory) return {};
    return fail(errc::unavailable, path + ": another process listens there");
  }
  ::unlink(path.c_str());
  return {};
}

}  // namespace

listener::listener(asio::io_context& io, listener& bound) : acceptor_(io) {
  boost::system::error_code ec;
  const auto protocol = bound.acceptor_.local_endpoint(ec).protocol();
  if (!ec) acceptor_.assign(protocol, bound.acceptor_.release(ec), ec);
  path_ = std::exchange(bound.path_, {});
  device_ = bound.device_;
  inode_ = bound.inode_;
}

result<void> listener::open_tcp(const asio::ip::address& address, std::uint16_t port) {
  boost::system::error_code ec;
  tcp::endpoint at(address, port);
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(at, ec);
  if (!ec) acceptor_.listen(backlog, ec);
  if (!ec) return {};
  return fail(errc::unavailable, "cannot listen on " + address.to_string() + ":" +
                                     std::to_string(port) + ": " + ec.message());
}

result<void> listener::open_unix(const std::string& path) {
  constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > longest) {
    return fail(errc::invalid_argument,
                path + ": a socket's path has at most " + std::to_string(longest) + " bytes");
  }
  if (auto cleared = clear_stale(path); !cleared) return cleared;
  boost::system::error_code ec;
  local::endpoint at(path);
  acceptor_.open(at.protocol(), ec);
  if (!ec) acceptor_.bind(at, ec);
  struct stat made {};
  if (!ec && ::lstat(path.c_str(), &made) == 0) {
    path_ = path;
    device_ = made.st_dev;
    inode_ = made.st_ino;
  }
  // Nobody can connect before `listen`, so there is no moment at which others might.
  if (!ec && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
    ec.assign(errno, boost::system::system_category());
  if (!ec) acceptor_.listen(backlog, ec);
  if (!ec) return {};
  close();
  return fail(errc::unavailable, "cannot listen on " + path + ": " + ec.message());
}

void listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (path_.empty()) return;
  // A successor may have put its own file there.
  auto path = std::exchange(path_, {});
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (found.st_dev == device_ && found.st_ino == inode_) ::unlink(path.c_str());
}

std::uint16_t listener::port() const {
  boost::system::error_code ec;
  auto at = acceptor_.local_endpoint(ec);
  if (ec || at.protocol().family() == AF_UNIX) return 0;
  tcp::endpoint named;
  std::memcpy(named.data(), at.data(), at.size());
  named.resize(at.size());
  return named.port();
}

std::string remote_address_of(const listener::stream::socket& socket) {
  boost::system::error_code ec;
  auto at = socket.remote_endpoint(ec);
  if (ec) return {};
  if (at.protocol().family() == AF_UNIX) return "local";
  tcp::endpoint named;
  std::memcpy(named.data(), at.data(), at.size());
  named.resize(at.size());
  return named.address().to_string();
}

std::string local_user_of(listener::stream::socket& socket) {
  boost::system::error_code ec;
  const auto at = socket.local_endpoint(ec);
  ucred who{};
  socklen_t size = sizeof who;
  if (ec || at.protocol().family() != AF_UNIX ||
      ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return {};
  }
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> room{};
  if (::getpwuid_r(who.uid, &entry, room.data(), room.size(), &found) == 0 && found)
    return found->pw_name;
  return "uid " + std::to_string(who.uid);
}

}  // namespace switchboard::channel
