#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/clock.hpp"

namespace switchboard::e2e {

/// A plain blocking socket to a local port, for bytes no decent client would send.
class raw_socket {
 public:
  explicit raw_socket(std::uint16_t port);
  ~raw_socket();
  raw_socket(raw_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  raw_socket(const raw_socket&) = delete;
  raw_socket& operator=(const raw_socket&) = delete;

  /// False when the other side is gone.
  bool send(std::string_view bytes);
  /// As much of `bytes` as the kernel takes within `within`.
  std::size_t send_what_fits(std::string_view bytes, millis within);
  /// At least `bytes`, or what came before the end or the time.
  std::string receive(std::size_t bytes, millis within = millis{2'000});
  /// True when the other side closes within the time; what came before is appended to `rest`.
  bool closes(millis within, std::string* rest = nullptr);
  void half_close();

 private:
  bool readable(millis within);
  int fd_ = -1;
};

}  // namespace switchboard::e2e
