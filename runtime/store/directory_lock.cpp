#include "runtime/store/directory_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include "runtime/store/private_files.hpp"

namespace switchboard::store {

result<directory_lock> directory_lock::take(const std::string& dir) {
  if (auto made = make_private_directory(dir); !made) return tl::unexpected(made.error());
  const std::string name = dir + "/lock";
  directory_lock it;
  it.fd_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (it.fd_ < 0) return fail(errc::internal, "cannot open " + name + ": " + std::strerror(errno));
  make_private_file(name);
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
