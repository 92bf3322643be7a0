// Loaded before the C library's own by a daemon under test: while the file that STALLED_DISK names
// is there, each write and sync of the journal waits, as on a disk that does not answer.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <climits>

namespace {

bool is_journal(int fd) {
  char link[64], target[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto n = ::readlink(link, target, sizeof target);
  return n > 0 && std::string_view(target, std::size_t(n)).ends_with("/store/journal/data.mdb");
}

void wait_for_disk(int fd) {
  const char* mark = std::getenv("STALLED_DISK");
  if (!mark || ::access(mark, F_OK) != 0 || !is_journal(fd)) return;
  const timespec moment{0, 10'000'000};
  while (::access(mark, F_OK) == 0) ::nanosleep(&moment, nullptr);
}

}  // namespace

extern "C" {

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  wait_for_disk(fd);
  return ::syscall(SYS_pwrite64, fd, bytes, size, at);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return pwrite64(fd, bytes, size, at);
}
ssize_t writev(int fd, const iovec* pieces, int count) {
  wait_for_disk(fd);
  return ::syscall(SYS_writev, fd, pieces, count);
}
int fdatasync(int fd) {
  wait_for_disk(fd);
  return int(::syscall(SYS_fdatasync, fd));
}
int fsync(int fd) {
  wait_for_disk(fd);
  return int(::syscall(SYS_fsync, fd));
}

}  // extern "C"
