#include "runtime/store/directory_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace switchboard::store {

result<directory_lock> directory_lock::take(const std::string& dir) {
  std::error_code ec;
  std::filesystem::create_directories(dir, ec);
  if (ec) return fail(errc::internal, "cannot make directory " + dir + ": " + ec.message());
  const std::string name = dir + "/lock";
  directory_lock it;
  it.fd_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (it.fd_ < 0) return fail(errc::internal, "cannot open " + name + ": " + std::strerror(errno));
  if (::flock(it.fd_, LOCK_EX | LOCK_NB) != 0) {
    return fail(errc::failed_precondition, "store " + dir + " is in use by another process");
  }
  return it;
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

directory_lock& directory_lock::operator=(directory_lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

directory_lock::~directory_lock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace switchboard::store
