#pragma once

#include <string>

#include "runtime/base/error.hpp"

namespace switchboard::store {

/// Keeps a directory for one process: LMDB lets several write in turn, and their positions would
/// mix. The lock goes with the process, however it ends.
class directory_lock {
 public:
  /// Makes the directory when it is not there. `failed_precondition` when another holds it.
  static result<directory_lock> take(const std::string& dir);
  directory_lock() = default;
  directory_lock(directory_lock&& other) noexcept;
  directory_lock& operator=(directory_lock&& other) noexcept;
  ~directory_lock();

 private:
  int fd_ = -1;
};

}  // namespace switchboard::store
