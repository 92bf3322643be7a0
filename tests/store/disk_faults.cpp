#include "tests/store/disk_faults.hpp"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <climits>

namespace switchboard::store {
namespace {

std::atomic<disk_fault> fault{disk_fault::none};
std::atomic<unsigned> met{0};
std::mutex folder_mutex;
std::condition_variable changed;
std::string folder;

bool concerns(int fd) {
  if (fault.load() == disk_fault::none) return false;
  char link[64];
  char target[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto n = ::readlink(link, target, sizeof target);
  if (n <= 0) return false;
  std::lock_guard lock(folder_mutex);
  return std::string_view(target, static_cast<std::size_t>(n)).starts_with(folder + "/");
}

/// False, with errno: it fails.
bool goes_well(int fd, bool writes) {
  if (!concerns(fd)) return true;
  ++met;
  std::unique_lock lock(folder_mutex);
  changed.wait(lock, [] { return fault.load() != disk_fault::hangs; });
  if (fault.load() != disk_fault::full || !writes) return true;
  errno = ENOSPC;
  return false;
}

/// How much of a write's bytes the disk takes.
std::size_t taken(int fd, std::size_t size) {
  return fault.load() == disk_fault::nearly_full && concerns(fd) ? size / 2 : size;
}

bool is_nearly_full(std::string_view path) {
  std::lock_guard lock(folder_mutex);
  return fault.load() == disk_fault::nearly_full && path.starts_with(folder);
}

}  // namespace

void set_disk_fault(const std::string& below, disk_fault what) {
  {
    std::lock_guard lock(folder_mutex);
    folder = below;
    fault = what;
  }
  changed.notify_all();
}

unsigned disk_faults_met() {
  return met;
}

}  // namespace switchboard::store

using switchboard::store::goes_well;
using switchboard::store::taken;

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  return goes_well(fd, true) ? ::syscall(SYS_write, fd, data, taken(fd, size)) : -1;
}
ssize_t writev(int fd, const iovec* parts, int count) {
  if (taken(fd, 2) == 1) return write(fd, parts[0].iov_base, parts[0].iov_len);
  return goes_well(fd, true) ? ::syscall(SYS_writev, fd, parts, count) : -1;
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return goes_well(fd, true) ? ::syscall(SYS_pwrite64, fd, data, taken(fd, size), offset) : -1;
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  if (taken(fd, 2) == 1) return pwrite(fd, parts[0].iov_base, parts[0].iov_len, offset);
  return goes_well(fd, true) ? ::syscall(SYS_pwritev, fd, parts, count, offset, 0L) : -1;
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
  return pwritev(fd, parts, count, offset);
}
int statvfs(const char* path, struct statvfs* disk) noexcept {
  struct statfs whole {};
  if (::syscall(SYS_statfs, path, &whole) != 0) return -1;
  *disk = {};
  disk->f_bsize = static_cast<unsigned long>(whole.f_bsize);
  disk->f_frsize = static_cast<unsigned long>(whole.f_frsize);
  disk->f_blocks = whole.f_blocks;
  disk->f_bfree = whole.f_bfree;
  disk->f_bavail = switchboard::store::is_nearly_full(path) ? 0 : whole.f_bavail;
  return 0;
}
int statvfs64(const char* path, struct statvfs64* disk) noexcept {
  return statvfs(path, reinterpret_cast<struct statvfs*>(disk));
}
int fsync(int fd) {
  return goes_well(fd, false) ? static_cast<int>(::syscall(SYS_fsync, fd)) : -1;
}
int fdatasync(int fd) {
  return goes_well(fd, false) ? static_cast<int>(::syscall(SYS_fdatasync, fd)) : -1;
}
int ftruncate(int fd, off_t size) noexcept {
  return goes_well(fd, true) ? static_cast<int>(::syscall(SYS_ftruncate, fd, size)) : -1;
}
int ftruncate64(int fd, off64_t size) noexcept {
  return ftruncate(fd, size);
}

}  // extern "C"
