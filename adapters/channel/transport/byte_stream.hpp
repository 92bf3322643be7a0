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

  byte_stream(stream_socket socket, boost::asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls) tls_ = std::make_unique<boost::asio::ssl::stream<stream_socket&>>(socket_, *tls);
  }

  stream_socket& socket() { return socket_; }
  bool encrypted() const { return tls_ != nullptr; }

  template <class Handler> void handshake(Handler&& done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(done));
  }
  template <class Buffer, class Handler> void read_some(const Buffer& into, Handler&& done) {
    if (tls_) return tls_->async_read_some(into, std::forward<Handler>(done));
    socket_.async_read_some(into, std::forward<Handler>(done));
  }
  template <class Buffer, class Handler> void write(const Buffer& from, Handler&& done) {
    if (tls_) return boost::asio::async_write(*tls_, from, std::forward<Handler>(done));
    boost::asio::async_write(socket_, from, std::forward<Handler>(done));
  }
  /// Tells the other side that nothing more will be sent.
  template <class Handler> void end_sending(Handler&& done) {
    if (tls_) return tls_->async_shutdown(std::forward<Handler>(done));
    boost::system::error_code ec;
    socket_.shutdown(stream_socket::shutdown_send, ec);
    done(ec);
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  stream_socket socket_;
  std::unique_ptr<boost::asio::ssl::stream<stream_socket&>> tls_;
};

}  // namespace switchboard::channel
