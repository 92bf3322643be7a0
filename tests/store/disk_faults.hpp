#pragma once

#include <string>

namespace switchboard::store {

/// What a disk does to the files below a folder, in a program that links disk_faults.cpp, which
/// stands before the C library's write, pwrite, fsync and so on, for LMDB too. One folder at a
/// time; any thread.
enum class disk_fault {
  none,
  /// Each write answers ENOSPC.
  full,
  /// Each write takes the first half of its bytes, as a disk does that has no room for the rest,
  /// and statvfs says that nothing is left.
  nearly_full,
  /// Each write and sync waits until the fault is another one.
  hangs,
};
void set_disk_fault(const std::string& below, disk_fault what);
/// How often a write met it.
unsigned disk_faults_met();

}  // namespace switchboard::store
