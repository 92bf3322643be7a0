#include "runtime/store/map_guard.hpp"

#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace switchboard::store {
namespace {

// Everything below runs in a signal handler: system calls and memory of its own, nothing else.

std::uint64_t take_hex(std::string_view& text) {
  std::uint64_t n = 0;
  while (!text.empty()) {
    const char c = text.front();
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) break;
    n = n << 4 | std::uint64_t(digit);
    text.remove_prefix(1);
  }
  return n;
}

/// A line of /proc/self/maps: "from-below perms offset device inode   path". The path, where the
/// address lies within.
std::string_view path_at(std::string_view line, std::uint64_t address) {
  const auto from = take_hex(line);
  if (line.empty()) return {};
  line.remove_prefix(1);
  const auto below = take_hex(line);
  const auto slash = line.find('/');
  if (address < from || address >= below || slash == line.npos) return {};
  return line.substr(slash);
}

/// Into `into`, which holds a path; empty where nothing is found.
std::string_view mapped_file(std::uint64_t address, char (&into)[4096]) {
  const int fd = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::size_t held = 0;
  std::string_view found;
  for (;;) {
    const auto n = ::read(fd, into + held, sizeof into - held);
    if (n <= 0) break;
    held += std::size_t(n);
    std::string_view text(into, held);
    for (auto end = text.find('\n'); end != text.npos && found.empty(); end = text.find('\n')) {
      found = path_at(text.substr(0, end), address);
      if (found.empty()) text.remove_prefix(end + 1);
    }
    if (!found.empty() || text.size() == sizeof into) break;
    std::memmove(into, text.data(), text.size());
    held = text.size();
  }
  ::close(fd);
  return found;
}

void say(std::string_view words) {
  (void)!::write(STDERR_FILENO, words.data(), words.size());
}

void on_bus_error(int signal, siginfo_t* what, void*) {
  static char buffer[4096];
  const auto file = mapped_file(reinterpret_cast<std::uint64_t>(what->si_addr), buffer);
  if (!file.ends_with("/data.mdb")) {
    std::signal(signal, SIG_DFL);
    return;
  }
  say("switchboard: the disk does not give what is in ");
  say(file);
  say(": the file was cut short, a page of it is damaged, or the disk is failing. "
      "`switchboardctl store verify` names the page; restore a backup\n");
  ::_exit(1);
}

}  // namespace

void name_failed_reads() {
  struct sigaction how {};
  how.sa_sigaction = on_bus_error;
  how.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &how, nullptr);
}

}  // namespace switchboard::store
