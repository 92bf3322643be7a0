#pragma once

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace switchboard::store {

/// A run of store_child. Killed when it is dropped.
class child_process {
 public:
  /// `settings` are environment variables, its stderr goes to the file `errors`.
  child_process(std::vector<std::string> arguments,
                std::vector<std::pair<std::string, std::string>> settings,
                const std::string& errors);
  ~child_process();
  child_process(const child_process&) = delete;
  void kill();
  /// The exit status, or minus the signal that ended it.
  int wait();

 private:
  pid_t pid_ = -1;
};

/// The whole file, or nothing when there is none.
std::string slurp(const std::string& file);

}  // namespace switchboard::store
