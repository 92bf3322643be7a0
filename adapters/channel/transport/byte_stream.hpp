#pragma once

#include <memory>
#include <utility>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace switchboard::channel {

/// A TCP socket, with TLS over it or not, or a Unix socket. Used on one strand.
class byte_stream {
 public:
  using stream_socket = boost::asio::generic::stream_protocol::socket;

  byte_stream(stream_socket socket, boost::asio::ssl::context* tls) : x_socket(std::move(socket)) {
    if (tls) x_tls = std::make_unique<boost::asio::ssl::stream<stream_socket&>>(x_socket, *tls);
  }

  stream_socket& socket() { return x_socket; }
  bool encrypted() const { return x_tls != nullptr; }

  template <class Handler>
  void handshake(Handler&& done) {
    x_tls->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(done));
  }
  template <class Buffer, class Handler>
  void read_some(const Buffer& into, Handler&& done) {
    if (x_tls) return x_tls->async_read_some(into, std::forward<Handler>(done));
    x_socket.async_read_some(into, std::forward<Handler>(done));
  }
  template <class Buffer, class Handler>
  void write(const Buffer& from, Handler&& done) {
    if (x_tls) return boost::asio::async_write(*x_tls, from, std::forward<Handler>(done));
    boost::asio::async_write(x_socket, from, std::forward<Handler>(done));
  }
  /// Tells the other side that nothing more will be sent.
  template <class Handler>
  void end_sending(Handler&& done) {
    if (x_tls) return x_tls->async_shutdown(std::forward<Handler>(done));
    boost::system::error_code ec;
    x_socket.shutdown(stream_socket::shutdown_send, ec);
    done(ec);
  }
  void close() {
    boost::system::error_code ignored;
    x_socket.close(ignored);
  }

 private:
  stream_socket x_socket;
  std::unique_ptr<boost::asio::ssl::stream<stream_socket&>> x_tls;
};

}  // namespace switchboard::channel
