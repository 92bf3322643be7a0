#include "tests/e2e/transport/raw_socket.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace switchboard::e2e {

using std::chrono::steady_clock;

namespace {
millis left(steady_clock::time_point until) {
  return std::max(millis{0}, std::chrono::duration_cast<millis>(until - steady_clock::now()));
}
}  // namespace

raw_socket::raw_socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("cannot connect");
  }
  int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

raw_socket::~raw_socket() {
  if (fd_ >= 0) ::close(fd_);
}

bool raw_socket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t raw_socket::send_what_fits(std::string_view bytes, millis within) {
  auto until = steady_clock::now() + within;
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    pollfd p{fd_, POLLOUT, 0};
    if (::poll(&p, 1, static_cast<int>(left(until).count())) <= 0) break;
    auto n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  return sent;
}

bool raw_socket::readable(millis within) {
  pollfd p{fd_, POLLIN, 0};
  return ::poll(&p, 1, static_cast<int>(within.count())) > 0;
}

std::string raw_socket::receive(std::size_t bytes, millis within) {
  auto until = steady_clock::now() + within;
  std::string out;
  char piece[4096];
  while (out.size() < bytes && readable(left(until))) {
    auto n = ::recv(fd_, piece, sizeof piece, 0);
    if (n <= 0) break;
    out.append(piece, static_cast<std::size_t>(n));
  }
  return out;
}

bool raw_socket::closes(millis within, std::string* rest) {
  auto until = steady_clock::now() + within;
  char piece[4096];
  while (readable(left(until))) {
    auto n = ::recv(fd_, piece, sizeof piece, 0);
    if (n <= 0) return true;
    if (rest) rest->append(piece, static_cast<std::size_t>(n));
  }
  return false;
}

void raw_socket::half_close() {
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace switchboard::e2e
