#include "tests/store/write_recorder.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <climits>

namespace switchboard::store {
namespace {

int log_fd = -1;
std::string watched;
/// Held over the call itself too: the log has the order in which things happened.
std::recursive_mutex order;

/// Which recorded file has this name, or -1.
int file_named(std::string_view name) {
  for (std::size_t i = 0; i < recorded_files().size(); ++i) {
    if (name == watched + "/" + recorded_files()[i]) return static_cast<int>(i);
  }
  return -1;
}

/// Which recorded file a descriptor is of, or -1.
int file_of(int fd) {
  if (log_fd < 0 || fd == log_fd) return -1;
  char link[64];
  char target[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto n = ::readlink(link, target, sizeof target);
  if (n <= 0) return -1;
  return file_named({target, static_cast<std::size_t>(n)});
}

void put(const void* bytes, std::size_t size) {
  const char* p = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto n = ::syscall(SYS_write, log_fd, p, size);
    if (n <= 0) std::abort();
    p += n;
    size -= static_cast<std::size_t>(n);
  }
}

void note(recorded::kind what, int file, bool synced, std::uint64_t offset,
          std::string_view bytes) {
  std::string line(sizeof(recorded_header), '\0');
  recorded_header h{what, static_cast<std::uint8_t>(file), synced, offset, bytes.size()};
  std::memcpy(line.data(), &h, sizeof h);
  line += bytes;
  put(line.data(), line.size());
}

void note_write(int fd, int file, std::uint64_t offset, const iovec* parts, int count, long done) {
  if (done <= 0) return;
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  bytes.resize(static_cast<std::size_t>(done));
  const bool synced = (::fcntl(fd, F_GETFL) & O_DSYNC) != 0;
  note(recorded::kind::write, file, synced, offset, bytes);
}

/// Runs `call`, and notes its outcome when it is about a recorded file.
template <class Call, class Note> long watch(int fd, Call call, Note on_done) {
  std::lock_guard lock(order);
  const int file = file_of(fd);
  const long done = call();
  const int reason = errno;
  if (file >= 0 && done >= 0) on_done(file, done);
  errno = reason;
  return done;
}

long write_parts(int fd, const iovec* parts, int count, std::int64_t offset) {
  return watch(
      fd,
      [&] {
        if (offset < 0) return ::syscall(SYS_writev, fd, parts, count);
        return ::syscall(SYS_pwritev, fd, parts, count, offset, 0L);
      },
      [&](int file, long done) {
        const auto at = offset < 0 ? ::syscall(SYS_lseek, fd, 0L, SEEK_CUR) - done : offset;
        note_write(fd, file, static_cast<std::uint64_t>(at), parts, count, done);
      });
}

int sync_file(int fd, long number) {
  return static_cast<int>(watch(
      fd, [&] { return ::syscall(number, fd); },
      [](int file, long) { note(recorded::kind::sync, file, false, 0, {}); }));
}

int truncate_file(int fd, std::int64_t size) {
  return static_cast<int>(watch(
      fd, [&] { return ::syscall(SYS_ftruncate, fd, size); },
      [&](int file, long) {
        note(recorded::kind::truncate, file, false, static_cast<std::uint64_t>(size), {});
      }));
}

}  // namespace

void begin_recording(const std::string& dir, const std::string& log) {
  watched = dir;
  recorded_files();
  log_fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) std::abort();
}

void record_acknowledged(std::uint64_t position) {
  std::lock_guard lock(order);
  if (log_fd >= 0) note(recorded::kind::acknowledge, 0, false, position, {});
}

}  // namespace switchboard::store

using namespace switchboard::store;

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  const iovec part{const_cast<void*>(data), size};
  return write_parts(fd, &part, 1, -1);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  return write_parts(fd, parts, count, -1);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  const iovec part{const_cast<void*>(data), size};
  return write_parts(fd, &part, 1, offset);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  return write_parts(fd, parts, count, offset);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
  return write_parts(fd, parts, count, offset);
}
int fsync(int fd) {
  return sync_file(fd, SYS_fsync);
}
int fdatasync(int fd) {
  return sync_file(fd, SYS_fdatasync);
}
int ftruncate(int fd, off_t size) noexcept {
  return truncate_file(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  return truncate_file(fd, size);
}
int rename(const char* from, const char* to) noexcept {
  std::lock_guard lock(order);
  const long done = ::syscall(SYS_rename, from, to);
  const int source = file_named(from), target = file_named(to);
  if (log_fd >= 0 && done == 0 && source >= 0 && target >= 0) {
    note(recorded::kind::rename, source, false, static_cast<std::uint64_t>(target), {});
  }
  return static_cast<int>(done);
}
/// The store maps its files for reading only: a sync of a mapping would mean that it no longer
/// does.
int msync(void*, size_t, int) {
  std::abort();
}

}  // extern "C"
