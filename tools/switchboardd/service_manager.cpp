#include "tools/switchboardd/service_manager.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace switchboard {

void tell_service_manager(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un to{};
  const auto length = path ? std::strlen(path) : 0;
  if (length == 0 || length >= sizeof to.sun_path) return;
  to.sun_family = AF_UNIX;
  std::copy_n(path, length, to.sun_path);
  // "@name" is of the abstract namespace.
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  // Who started us and does not listen is no reason to end.
  (void)::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&to), size);
  ::close(fd);
}

bool service_manager_watches() {
  const char* span = std::getenv("WATCHDOG_USEC");
  const char* whom = std::getenv("WATCHDOG_PID");
  return span && *span && (!whom || std::atol(whom) == ::getpid());
}

void tell_service_manager_of_reload() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto us = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  tell_service_manager("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us));
}

}  // namespace switchboard
