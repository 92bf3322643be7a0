#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/base/clock.hpp"

/// Files that a configuration names: whoever may apply one chooses what is opened, so they are read
/// with care. Private to this room.
namespace switchboard::config {

/// The text of one, or why it is not read: "is no regular file".
using named_file = tl::expected<std::string, std::string>;

struct file_bounds {
  std::size_t most_bytes = std::size_t{16} << 20;
  /// For all together. They are read on a thread of their own, and who asked never waits longer for
  /// a disk that hangs.
  millis patience{5'000};
};

/// Each of `names`, from `folder` (empty: the working folder). Only what is a regular file below
/// that folder, also where a symbolic link leads to it, is opened; a device or pipe never is.
/// Thread-safe.
std::vector<named_file> read_named_files(const std::string& folder,
                                         const std::vector<std::string>& names,
                                         const file_bounds& bounds = {});

}  // namespace switchboard::config
