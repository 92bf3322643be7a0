#pragma once

#include <string>

#include "runtime/base/error.hpp"

namespace switchboard::store {

/// What the store makes is its account's alone, whatever the umask says: customers' words lie
/// there. Directories get mode 0700, files 0640. What another account owns is left as it is.

/// Makes `dir`, and what is missing above it; also tightens one that is there.
result<void> make_private_directory(const std::string& dir);
/// Tightens the file, where it is there.
void make_private_file(const std::string& file);

}  // namespace switchboard::store
