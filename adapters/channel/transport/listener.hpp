#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "runtime/base/error.hpp"

/// INTERNAL to the transport.
namespace switchboard::channel {

/// The socket that clients connect to: a TCP port, or a Unix socket that only this user may open.
/// Used on one strand once it listens.
class listener {
 public:
  using stream = boost::asio::generic::stream_protocol;

  explicit listener(boost::asio::io_context& io) : acceptor_(io) {}
  /// Takes over what `bound` listens on, and serves it on `io`.
  listener(boost::asio::io_context& io, listener& bound);
  /// Closes.
  ~listener() { close(); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  result<void> open_tcp(const boost::asio::ip::address& address, std::uint16_t port);
  /// A socket file nobody listens on any more is replaced; one in use, or a file of another sort,
  /// is an error.
  result<void> open_unix(const std::string& path);
  /// Takes the file of a Unix socket away.
  void close();
  bool is_open() const { return acceptor_.is_open(); }
  /// 0 for a Unix socket.
  std::uint16_t port() const;

  template <class Handler> void accept(boost::asio::io_context& on, Handler&& done) {
    acceptor_.async_accept(on, std::forward<Handler>(done));
  }

 private:
  boost::asio::basic_socket_acceptor<stream> acceptor_;
  /// Of the socket file, while it is ours.
  std::string path_;
  std::uint64_t device_ = 0, inode_ = 0;
};

/// The address of who is at the other end, without a port; empty when it is gone already.
std::string remote_address_of(const listener::stream::socket& socket);
/// The name of the user at the other end of a Unix socket, as the system knows it ("uid 1000" where
/// it has no name); empty for TCP.
std::string local_user_of(listener::stream::socket& socket);

}  // namespace switchboard::channel
